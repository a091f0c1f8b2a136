"""What a hosted space starts: the page, as `genzu serve` opens it."""

from generation.importing import uncollected

with uncollected():
    from generation.app import main

if __name__ == "__main__":
    main()
