package main

import (
	"encoding/json"
	"os"
	"path/filepath"

	"entente/act"
	"entente/plan"
)

// readDir holds, for each person, what the person has last been shown of each element here, so
// that nobody accepts a text that has changed since. It may be removed at any time.
const readDir = "read"

// A reading is what somebody has been shown of an element.
type reading struct {
	Basis  string `json:"basis"`
	Number int    `json:"number"` // of the revision that was asked about
}

func (c *client) readPath() string {
	return filepath.Join(c.dir, readDir, c.person+".json")
}

func readKey(group string, ref act.Ref) string { return group + " " + string(ref) }

// readings are what the person has been shown; none where that cannot be told.
func (c *client) readings() map[string]reading {
	out := map[string]reading{}
	b, err := os.ReadFile(c.readPath())
	if err != nil || json.Unmarshal(b, &out) != nil {
		return map[string]reading{}
	}
	return out
}

// noteRead notes what the person has been shown.
func (c *client) noteRead(group string, d plan.Dossier) error {
	if c.person == "" {
		return nil
	}
	all := c.readings()
	all[readKey(group, d.Ref)] = reading{d.Basis, leading(d)}
	b, err := json.Marshal(all)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(c.readPath()), 0o700); err != nil {
		return cannot("note what was read", err)
	}
	if err := os.WriteFile(c.readPath(), b, 0o600); err != nil {
		return cannot("note what was read", err)
	}
	return nil
}

// leading is the number of the newest revision that a party holds.
func leading(d plan.Dossier) int {
	n := 0
	for _, p := range d.Positions {
		n = max(n, p.Revision.Number)
	}
	return n
}
