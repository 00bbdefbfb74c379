from account.cli import main

main()
