"""The benches of Pratique; only Python's standard library, wrk and strace."""
