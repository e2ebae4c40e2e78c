# Long runs.
run-going = Simulating the network as it is now …
run-going-name = Simulation
run-stopped = Stopped: what you see is the run before your last change.
run-stop = Stop
run-again = Simulate
