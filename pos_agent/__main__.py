from pos_agent.cli import main

main()
