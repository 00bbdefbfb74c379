from example_shop.cli import main

main()
