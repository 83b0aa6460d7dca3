package main

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"testing"
)

// TestStorybookIsServed: every address that is printed has a page, and the end of ctx ends the server.
func TestStorybookIsServed(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	r, w := io.Pipe()
	ended := make(chan error, 1)
	go func() { ended <- run(ctx, "127.0.0.1:0", w) }()
	lines := bufio.NewScanner(r)
	var pages []string
	for range 4 { // all of them, since they are printed before the first is served
		if !lines.Scan() {
			t.Fatal("an address is missing")
		}
		pages = append(pages, lines.Text())
	}
	for _, page := range pages {
		resp, err := http.Get(page)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != http.StatusOK {
			t.Errorf("%s: status %d", page, resp.StatusCode)
		}
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
