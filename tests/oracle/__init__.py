"""The figures computed a second time, by other means, to be compared with ours."""
