package main

import (
	"bytes"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// TestBrokenRequestIsWrittenDown: a handler that breaks down is answered for, at a level that every
// log shows, and the server goes on.
func TestBrokenRequestIsWrittenDown(t *testing.T) {
	var log bytes.Buffer
	h := survive(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/broken" {
			panic("no page without its party")
		}
		io.WriteString(w, "whole")
	}), slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelWarn})))
	s := httptest.NewServer(h)
	defer s.Close()
	for _, c := range []struct {
		path, says string
		status     int
	}{{"/broken", "look before you try again", 500}, {"/", "whole", 200}} {
		resp, err := http.Get(s.URL + c.path + "?secret=1")
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		if err != nil || resp.StatusCode != c.status || !strings.Contains(string(body), c.says) {
			t.Errorf("%s: %d %q %v", c.path, resp.StatusCode, body, err)
		}
	}
	if said := log.String(); !strings.Contains(said, "no page without its party") || !strings.Contains(said, "doors_test.go") || strings.Contains(said, "secret") {
		t.Errorf("the log says %q", said)
	}
}

// TestBreakingOffOnPurpose: an answer that is broken off on purpose stays broken off.
func TestBreakingOffOnPurpose(t *testing.T) {
	defer func() {
		if recover() != http.ErrAbortHandler {
			t.Error("the answer was not broken off")
		}
	}()
	survive(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }), discard()).
		ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil))
}
