"""Tests of what runs routecomp elsewhere: the action, the GitLab template, the pre-commit hooks."""
