package proof

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"entente/act"
)

// update writes the test vectors anew; look at the difference before it is committed.
var update = flag.Bool("update", false, "write testdata anew")

const spec = "../docs/spec/proof.md"

// The vectors are for whoever writes a second verifier: a file, the cards, and the report.
func TestVectors(t *testing.T) {
	w, about := treaty(t, 2, 2)
	w.say(1, "d.reyes", act.Remark{Element: "G-1", Sort: act.Reservation, Text: both("Without prejudice.", "ללא פגיעה.")})
	w.agree("G-2", goal("The Parties shall meet often.", "הצדדים ייפגשו לעתים קרובות."))
	file := written(t, w.file(about))
	report, err := json.MarshalIndent(examined(file, w.cards...), "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	vectors := map[string][]byte{"treaty.entente": file, "treaty.json": append(report, '\n'), "fork.evidence": forked(t, w, [2]int{3, 9})}
	for _, c := range w.cards {
		vectors[strings.ToLower(string(c.Code))+".card"] = c.Bytes()
	}
	for name, want := range vectors {
		path := filepath.Join("testdata", name)
		if *update {
			if err := os.WriteFile(path, want, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		got, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s is not what the program writes now: go test ./proof -run TestVectors -update, and look at what changed", path)
		}
	}
	page, err := os.ReadFile(spec)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(file)
	for _, s := range []string{act.Hash(sum).String(), Number(about.Revision).String(), about.String()} {
		if !bytes.Contains(page, []byte(s)) {
			t.Errorf("%s does not give %s", spec, s)
		}
	}
}

// Every check is on the page, and every bound.
func TestSpecNamesEveryCheck(t *testing.T) {
	page, err := os.ReadFile(spec)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{CheckFile, CheckKeys, CheckSignatures, CheckLogs, CheckEpochs, CheckRule, CheckCosignatures,
		CheckAdopted, CheckText, CheckPersons, CheckLater, CheckFinding, CheckFork} {
		if !bytes.Contains(page, []byte("`"+name+"`")) {
			t.Errorf("the check %q is not on the page", name)
		}
	}
}
