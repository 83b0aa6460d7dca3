package main

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// documentedOrigin is the address that the documents give in their examples.
const documentedOrigin = "https://entente.state.example"

// docs FILE carries out the commands that a document gives, the lines of its blocks that begin with
// “$ ”, and wants the lines below them in what is said; “…” stands for anything.
func docsCommands(ts *testscript.TestScript, _ bool, args []string) {
	b, err := os.ReadFile(args[0]) // beside the package, not in the script's folder
	ts.Check(err)
	done, inside, said := 0, false, ""
	for line := range strings.Lines(string(b)) {
		line = strings.TrimSuffix(line, "\n")
		command, isCommand := strings.CutPrefix(line, "$ ")
		switch {
		case strings.HasPrefix(line, "```"):
			inside = !inside
		case inside && isCommand:
			ts.Check(ts.Exec("sh", "-c", command))
			said = ts.ReadFile("stdout")
			done++
		case inside:
			rest := said
			for _, part := range strings.Split(line, "…") {
				_, after, found := strings.Cut(rest, part)
				if !found {
					ts.Fatalf("%s says %q, and what is said is:\n%s", args[0], line, said)
				}
				rest = after
			}
		}
	}
	if done < 4 {
		ts.Fatalf("only %d commands were found in %s", done, args[0])
	}
}

// runCurl is as much of curl as the documents use: -s, -d, -H with a header or @FILE, one address.
func runCurl() {
	if err := curl(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "curl:", err)
		os.Exit(1)
	}
}

func curl(args []string) error {
	method, body, address, header := "GET", "", "", http.Header{}
	for i := 0; i < len(args); i++ {
		switch {
		case args[i] == "-s":
		case args[i] == "-d" && i+1 < len(args):
			i++
			method, body = "POST", args[i]
		case args[i] == "-H" && i+1 < len(args):
			i++
			line := args[i]
			if name, ok := strings.CutPrefix(line, "@"); ok {
				b, err := os.ReadFile(name)
				if err != nil {
					return err
				}
				line = strings.TrimSpace(string(b))
			}
			name, value, _ := strings.Cut(line, ": ")
			header.Set(name, value)
		case address == "" && !strings.HasPrefix(args[i], "-"):
			address = strings.Replace(args[i], documentedOrigin, os.Getenv("ORIGIN"), 1)
		default:
			return fmt.Errorf("%s is not known here", args[i])
		}
	}
	r, err := http.NewRequest(method, address, strings.NewReader(body))
	if err != nil {
		return err
	}
	r.Header = header
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	_, err = io.Copy(os.Stdout, resp.Body)
	return err
}
