// Entente keeps one joint plan between parties that each run their own server: it makes a data
// folder, serves it, links it to others, works on the plan, and proves what was agreed.
//
// One file a command. Results go to the standard output, talk to the standard error; with --json
// every result is one JSON value. Exit codes: 0 done, 1 failed, 2 wrong usage, 3 something has
// moved, 4 a proof failed, 5 held back by its marking
// or by the national margin.
//
// Every command but init, demo and verify is a client of package api: over the socket of the
// server that runs on the data folder, or in this process where none does.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	m := &Main{Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, Getenv: os.Getenv, Now: time.Now}
	code := m.Run(ctx, os.Args[1:])
	stop()
	os.Exit(code)
}
