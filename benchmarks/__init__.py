"""The speed of what crmbook does, beside what a user would pick instead and beside the floor, in one run."""
