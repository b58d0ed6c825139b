"""What a run costs, measured by hand: `make bench`. Timings are no tests, so no test runs it."""
