package main

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"entente/internal/sqlite"
	"entente/party"
)

// writerName is the environment variable under which the test binary is a server to be killed.
const writerName = "ENTENTE_TEST_WRITER"

func TestMain(m *testing.M) {
	if os.Getenv(writerName) != "" {
		writeForEver()
		return
	}
	testscript.Main(m, map[string]func(){"entente": runEntente, "curl": runCurl})
}

// runEntente is the program, with a clock that a script can set: NOW=2018-01-31T09:00:00Z.
func runEntente() {
	now := time.Now
	if at, err := time.Parse(time.RFC3339, os.Getenv("NOW")); err == nil {
		now = func() time.Time { return at }
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	m := &Main{Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, Getenv: os.Getenv, Now: now}
	code := m.Run(ctx, os.Args[1:])
	stop()
	os.Exit(code)
}

// heldFolders are the data folders that a script holds.
var heldFolders sync.Map

// TestScripts tells the stories of testdata: one promise a file.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:   "testdata",
		Setup: setUpScript,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"number": setNumber, "flip": flipByte, "cut": cutFile, "await": awaitFile, "code": wantCode, "flips": flipMany, "swap": swapBytes, "files": absentIn, "eventually": eventually, "hold": holdFolder, "lie": lieAboutCopy, "docs": docsCommands, "release": releaseFolder,
		},
		RequireUniqueNames: true,
	})
}

// setUpScript gives a script free ports, and no settings from outside.
func setUpScript(e *testscript.Env) error {
	for i := range 4 {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return err
		}
		e.Setenv(fmt.Sprint("PORT", i+1), strconv.Itoa(l.Addr().(*net.TCPAddr).Port))
		if err := l.Close(); err != nil {
			return err
		}
	}
	for name, days := range map[string]int{"SOON": 20, "LATER": 21, "LATEST": 22} { // days to come, as 2017-12-14
		e.Setenv(name, time.Now().UTC().AddDate(0, 0, days).Format(time.DateOnly))
	}
	e.Setenv("ENTENTE_DATA", "")
	e.Setenv("ENTENTE_PERSON", "")
	return nil
}

// number VAR FOLDER sets VAR to the last group of a party's number, as a person would read it aloud.
func setNumber(ts *testscript.TestScript, neg bool, args []string) {
	b, err := os.ReadFile(ts.MkAbs(filepath.Join(args[1], cardFile)))
	ts.Check(err)
	card, err := party.ParseCard(b)
	ts.Check(err)
	ts.Setenv(args[0], card.Number().Last())
}

// hold FOLDER takes hold of a data folder, as another program would; release lets go of it.
func holdFolder(ts *testscript.TestScript, neg bool, args []string) {
	h, err := openHome(ts.MkAbs(args[0]))
	ts.Check(err)
	ts.Defer(func() { h.release() })
	heldFolders.Store(ts.MkAbs(args[0]), h)
}

func releaseFolder(ts *testscript.TestScript, neg bool, args []string) {
	h, _ := heldFolders.Load(ts.MkAbs(args[0]))
	ts.Check(h.(*home).release())
}

// flip FILE AT TO copies a file with one bit of byte AT changed; a negative AT counts from the end.
func flipByte(ts *testscript.TestScript, neg bool, args []string) {
	b := []byte(ts.ReadFile(args[0]))
	at, err := strconv.Atoi(args[1])
	ts.Check(err)
	if at < 0 {
		at += len(b)
	}
	b[at] ^= 1
	ts.Check(os.WriteFile(ts.MkAbs(args[2]), b, 0o600))
}

// cut FILE TO copies the first half of a file.
func cutFile(ts *testscript.TestScript, neg bool, args []string) {
	b := ts.ReadFile(args[0])
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte(b[:len(b)/2]), 0o600))
}

// await FILE waits until a file or a socket is there.
func awaitFile(ts *testscript.TestScript, neg bool, args []string) {
	end, tick := time.After(30*time.Second), time.NewTicker(10*time.Millisecond)
	defer tick.Stop()
	for {
		if conn, err := net.Dial("unix", ts.MkAbs(args[0])); err == nil {
			conn.Close()
			return
		}
		select {
		case <-tick.C:
		case <-end:
			ts.Fatalf("%s does not come", args[0])
		}
	}
}

// eventually WORDS ARGS... runs the program until its output has the words.
func eventually(ts *testscript.TestScript, neg bool, args []string) {
	end, tick := time.After(30*time.Second), time.NewTicker(20*time.Millisecond)
	defer tick.Stop()
	for {
		if err := ts.Exec("entente", args[1:]...); err == nil && strings.Contains(ts.ReadFile("stdout"), args[0]) {
			return
		}
		select {
		case <-tick.C:
		case <-end:
			ts.Fatalf("entente %s never says %q", strings.Join(args[1:], " "), args[0])
		}
	}
}

// code N ARGS... runs the program and wants that exit code; what it says is for stdout and stderr.
func wantCode(ts *testscript.TestScript, neg bool, args []string) {
	err := ts.Exec("entente", args[1:]...)
	got := "0"
	if err != nil {
		got = strings.TrimPrefix(err.Error(), "exit status ")
	}
	if got != args[0] {
		ts.Fatalf("entente %s: exit code %s, want %s", strings.Join(args[1:], " "), got, args[0])
	}
}

// flips FILE changes one bit at many places of a proof, one after the other: each must fail with
// exit code 4 and say where.
func flipMany(ts *testscript.TestScript, neg bool, args []string) {
	whole := []byte(ts.ReadFile(args[0]))
	path := ts.MkAbs("flipped")
	step := max(1, len(whole)/150)
	for at := 0; at < len(whole); at += step {
		b := bytes.Clone(whole)
		b[at] ^= 1 << (at % 8)
		ts.Check(os.WriteFile(path, b, 0o600))
		var out, errs bytes.Buffer
		m := &Main{Stdin: strings.NewReader(""), Stdout: &out, Stderr: &errs, Getenv: func(string) string { return "" }, Now: time.Now}
		call := []string{"verify", path}
		for _, c := range args[1:] {
			call = append(call, "--card", ts.MkAbs(c))
		}
		if code := m.Run(context.Background(), call); code != 4 || !strings.Contains(out.String(), "failed") {
			ts.Fatalf("byte %d changed: exit code %d\n%s%s", at, code, out.String(), errs.String())
		}
	}
}

// swap FILE OLD NEW: the first OLD in the file becomes NEW, whatever else is in it.
func swapBytes(ts *testscript.TestScript, _ bool, args []string) {
	b := []byte(ts.ReadFile(args[0]))
	if !bytes.Contains(b, []byte(args[1])) {
		ts.Fatalf("%s does not have %q in it", args[0], args[1])
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), bytes.Replace(b, []byte(args[1]), []byte(args[2]), 1), 0o600))
}

// files FOLDER WORDS: the words stand in no file below the folder; with “!”, they do in some.
func absentIn(ts *testscript.TestScript, neg bool, args []string) {
	found := ""
	err := filepath.WalkDir(ts.MkAbs(args[0]), func(path string, d os.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		b, err := os.ReadFile(path)
		if bytes.Contains(b, []byte(args[1])) {
			found = path
		}
		return err
	})
	ts.Check(err)
	if (found != "") != neg {
		ts.Fatalf("%q in %q: %v", args[1], args[0], found)
	}
}

// lieAboutCopy writes into a copied data folder that it stands where it always stood, as a party
// would that wants to show two histories.
func lieAboutCopy(ts *testscript.TestScript, _ bool, args []string) {
	h := &home{dir: ts.MkAbs(args[0])}
	place, err := h.place()
	ts.Check(err)
	desk, err := sqlite.OpenParty(context.Background(), h.path(sqlite.PartyFile))
	ts.Check(err)
	ts.Check(desk.PutSetting(context.Background(), "place", place))
	ts.Check(desk.Close())
}
