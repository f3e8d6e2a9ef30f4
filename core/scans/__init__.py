"""Scans of paper that strangers upload: PDF, JPEG and PNG.

`core.scans.guard`
    `read_scan(path, most_bytes=...)` gives the `Scan` in a file: its kind, its pages
    and its bytes, a picture drawn anew without what the camera added. Every refusal is
    a `DomainError` that says what is wrong, and on which page.
"""
