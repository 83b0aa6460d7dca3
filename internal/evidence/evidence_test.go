package evidence_test

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
	"entente/internal/compliance"
	"entente/internal/evidence"
	"entente/plan"
	"entente/proof"
)

var update = flag.Bool("update", false, "write testdata anew")

// about is a file about the verdict on the obligation at a moment, as it truly is.
func about(t testing.TB, w *world, m compliance.Moment) proof.File {
	t.Helper()
	f := w.file()
	_, state := f.Study()
	claim, ok := evidence.Claim(state, "O-1.1", m)
	if !ok {
		t.Fatal("there is no verdict on O-1.1")
	}
	f.Claim = &claim
	return f
}

func finding(r proof.Report) proof.Check {
	for _, c := range r.Checks {
		if c.Name == proof.CheckFinding {
			return c
		}
	}
	return proof.Check{}
}

// TestAVerdictIsComputedAgain: at each moment the file says what the acts come to, and a stranger with
// the cards finds the same.
func TestAVerdictIsComputedAgain(t *testing.T) {
	w := water(t)
	for _, c := range []struct {
		m    compliance.Moment
		want act.Verdict
	}{
		{compliance.Today("2016-02-20"), act.Exceeded},
		{compliance.Today("2016-02-24"), act.Within},
		{compliance.Today("2016-01-20"), act.CannotTell},
		{compliance.Today("2016-01-01"), act.NotYetDue},
		{compliance.Moment{On: "2016-02-20", Known: compliance.KnownEntered, By: "2016-02-28"}, act.CannotTell},
		{compliance.Moment{On: "2016-02-20", Known: compliance.KnownEntered, By: "2016-03-01"}, act.Exceeded},
		{compliance.Moment{On: "2016-02-20", Known: compliance.KnownReported}, act.Exceeded},
	} {
		file := written(t, about(t, w, c.m))
		report, again := evidence.Examine(bytes.NewReader(file), w.cards...)
		if !report.Valid || again == nil || !again.Same || again.Here != c.want || again.Claimed != c.want || finding(report).Result != proof.OK {
			t.Fatalf("%+v: %s %+v\n%+v", c.m, report.Answer, again, report.Checks)
		}
		if again.Readings != 2 || again.Obligation.Headline.IsZero() || report.Number == "" || len(report.Signatories) != 2 || report.Skipped != 0 {
			t.Errorf("%+v: %+v", c.m, report)
		}
	}
}

// TestAFalseVerdictIsFound: what follows is told beside what the file says.
func TestAFalseVerdictIsFound(t *testing.T) {
	w := water(t)
	for name, change := range map[string]func(c *proof.Claim){
		"another verdict":  func(c *proof.Claim) { c.Verdict = act.Within },
		"another day":      func(c *proof.Claim) { c.On = "2016-02-21" },
		"another sense":    func(c *proof.Claim) { c.Known, c.By = proof.KnownReported, "2016-02-20" },
		"another digest":   func(c *proof.Claim) { c.Digest[0]++ },
		"another revision": func(c *proof.Claim) { c.Revision[0]++ },
		"another element":  func(c *proof.Claim) { c.Obligation = "O-1.2" },
		"other terms":      func(c *proof.Claim) { c.Terms[0]++ },
		"another parent":   func(c *proof.Claim) { c.Agreement = "T-2" },
	} {
		f := about(t, w, compliance.Today("2016-02-20"))
		change(f.Claim)
		report, again := evidence.Examine(bytes.NewReader(written(t, f)), w.cards...)
		if report.Valid || report.Failed != 1 || !strings.HasPrefix(report.Answer, "No. ") || again != nil && again.Same {
			t.Errorf("%s: %s\n%+v", name, report.Answer, report.Checks)
		}
		if name == "another verdict" {
			if c := finding(report); again == nil || again.Here != act.Exceeded || again.Claimed != act.Within || !strings.Contains(c.Detail, "“within”") || !strings.Contains(c.Detail, "“exceeded”") {
				t.Errorf("%s: %+v", name, c)
			}
		}
	}
}

// TestAProofAloneShowsNoVerdict: a program that computes none says so, and the file is not valid by that.
func TestAProofAloneShowsNoVerdict(t *testing.T) {
	w := water(t)
	r := proof.Examine(bytes.NewReader(written(t, about(t, w, compliance.Today("2016-02-20")))), w.cards...)
	if r.Valid || r.Failed != 0 || finding(r).Result != proof.Skipped || !strings.HasPrefix(r.Answer, "Not shown. ") {
		t.Errorf("%s\n%+v", r.Answer, r.Checks)
	}
	whole := w.file()
	if r, again := evidence.Examine(bytes.NewReader(written(t, whole)), w.cards...); !r.Valid || again != nil {
		t.Errorf("a file about the plan: %s %+v", r.Answer, again)
	}
}

// TestNothingCanBeLeftOut: a reading, a correction or a dispute less, and the file is none.
func TestNothingCanBeLeftOut(t *testing.T) {
	w := water(t)
	first := w.read(0, "2016-02-17", "131.4", nil)
	w.read(0, "2016-02-17", "129", &act.ReadingID{Batch: first})
	w.say(1, "d.reyes", act.Dispute{Element: "O-1.1", Step: act.DisputeStarts, On: "2016-02-26", Text: en("More than that.")})
	whole := about(t, w, compliance.Today("2016-02-27"))
	if r, again := evidence.Examine(bytes.NewReader(written(t, whole)), w.cards...); !r.Valid || again.Here != act.Disputed {
		t.Fatalf("%s %+v", r.Answer, r.Checks)
	}
	for p := range whole.Logs {
		for n := range whole.Logs[p].Leaves {
			f := about(t, w, compliance.Today("2016-02-27"))
			f.Logs[p].Leaves = append(append([]string{}, f.Logs[p].Leaves[:n]...), f.Logs[p].Leaves[n+1:]...)
			if r, again := evidence.Examine(bytes.NewReader(written(t, f))); r.Valid || r.Failed == 0 || again != nil {
				t.Errorf("without entry %d of log %d: %s", n, p, r.Answer)
			}
		}
	}
}

// TestOnlyWhatIsAgreedIsShown: a proposed obligation, and one that was proposed anew, has no file but of
// what is in force.
func TestOnlyWhatIsAgreedIsShown(t *testing.T) {
	w := water(t)
	c := act.Content{Kind: act.Obligation, Parent: "T-1", Title: en("More"), Watch: &act.Watch{Quantity: "heavy_water", Unit: "t", Rule: "heavy_water.latest() <= 100.0", Sources: 1}}
	w.say(0, "d.reyes", act.Table{Element: "O-1.2", Content: c})
	counter := w.say(1, "d.reyes", act.Table{Element: "O-1.1", Content: c})
	f := w.file()
	_, state := f.Study()
	if _, ok := evidence.Claim(state, "O-1.2", compliance.Today("2016-02-20")); ok {
		t.Error("a proposal has a verdict that is shown")
	}
	for _, ref := range []act.Ref{"T-1", "O-9", "A-1"} {
		if _, ok := evidence.Claim(state, ref, compliance.Today("2016-02-20")); ok {
			t.Errorf("%s has one", ref)
		}
	}
	f = about(t, w, compliance.Today("2016-02-20"))
	if f.Claim.Revision == counter || f.Claim.Verdict != act.Exceeded {
		t.Errorf("%+v", f.Claim)
	}
	f.Claim.Revision = counter
	if r, _ := evidence.Examine(bytes.NewReader(written(t, f)), w.cards...); r.Valid || r.Failed != 1 {
		t.Errorf("%s", r.Answer)
	}
}

// TestAStrangerSettles: another program has the entries, verified, and says what it has computed.
func TestAStrangerSettles(t *testing.T) {
	w := water(t)
	file := written(t, about(t, w, compliance.Today("2016-02-20")))
	r, state := proof.Study(bytes.NewReader(file), w.cards...)
	if state == nil || len(state.Accounts("T-1")) != 2 {
		t.Fatal("the acts are not here")
	}
	if _, ok := state.Act(state.Accounts("T-1")[0]).Body.(act.Report); !ok {
		t.Error("no report")
	}
	r.Settle(act.Within, r.Claim.Digest)
	if r.Valid || r.Failed != 1 {
		t.Errorf("%+v", r)
	}
	r.Settle(act.Exceeded, r.Claim.Digest)
	if r.Valid {
		t.Error("settled twice")
	}
	damaged, state := proof.Study(bytes.NewReader(bytes.Replace(file, []byte("130.9"), []byte("129.9"), 1)), w.cards...)
	if damaged.Settle(act.Exceeded, damaged.Claim.Digest); state != nil || damaged.Valid {
		t.Errorf("%+v", damaged.Checks)
	}
	var none *plan.State
	if state != none {
		t.Error("entries that were not signed were given")
	}
}

// TestEveryByteOfAVerdictCounts: whatever byte is changed, the file is refused or fails a check.
func TestEveryByteOfAVerdictCounts(t *testing.T) {
	w := water(t)
	file := written(t, about(t, w, compliance.Moment{On: "2016-02-20", Known: compliance.KnownEntered, By: "2016-03-01"}))
	found := map[string]int{}
	for i := range file {
		for _, flip := range []byte{1, 0x20, 0x80} {
			changed := bytes.Clone(file)
			changed[i] ^= flip
			r, again := evidence.Examine(bytes.NewReader(changed))
			first, failed := r.First()
			if r.Valid || !failed || len(first.Where) == 0 || again != nil && again.Same {
				t.Fatalf("byte %d of %d from %q to %q was not noticed: %s %+v", i, len(file), file[i], changed[i], r.Answer, first)
			}
			found[first.Name]++
		}
	}
	t.Logf("%d bytes; by what it was noticed: %v", len(file), found)
	for _, name := range []string{proof.CheckFile, proof.CheckKeys, proof.CheckSignatures, proof.CheckLogs, proof.CheckCosignatures, proof.CheckAdopted, proof.CheckFinding} {
		if found[name] == 0 {
			t.Errorf("no change was noticed by the check %q", name)
		}
	}
	for n := range file {
		if r, _ := evidence.Examine(bytes.NewReader(file[:n])); r.Valid || r.Failed == 0 {
			t.Fatalf("cut to %d bytes: %s", n, r.Answer)
		}
	}
}

// FuzzExamine: whatever is read is written again to the same bytes, and no other file shows a verdict.
func FuzzExamine(f *testing.F) {
	w := water(f)
	whole := written(f, about(f, w, compliance.Today("2016-02-20")))
	head := bytes.Index(whole, []byte("charter "))
	f.Add(whole)
	f.Add(bytes.Replace(whole, []byte("2016-02-20 now"), []byte("2016-02-21 now"), 1))
	f.Add(bytes.Replace(whole, []byte(" now - "), []byte(" entered 2016-02-20 "), 1))
	f.Add(bytes.Replace(whole, []byte("finding exceeded"), []byte("finding cannot tell"), 1))
	f.Add(whole[:head])
	f.Fuzz(func(t *testing.T, b []byte) {
		if file, err := proof.Read(bytes.NewReader(b)); err == nil && !bytes.Equal(written(t, file), b) {
			t.Fatal("written again, it is another file")
		}
		r, again := evidence.Examine(bytes.NewReader(b), w.cards...)
		if r.Valid && again != nil && !bytes.Equal(b, whole) {
			t.Fatal("another file shows a verdict")
		}
		if r.Passed+r.Failed+r.Skipped != len(r.Checks) || len(r.Checks) == 0 || r.Answer == "" {
			t.Fatalf("a report that does not add up: %+v", r)
		}
	})
}

const spec = "../../docs/spec/proof.md"

// TestVerdictVector is for whoever writes a second verifier: a file, and what comes of it.
func TestVerdictVector(t *testing.T) {
	w := water(t)
	f := about(t, w, compliance.Today("2016-02-20"))
	file := written(t, f)
	report, again := evidence.Examine(bytes.NewReader(file), w.cards...)
	told, err := json.MarshalIndent(struct {
		proof.Report
		Same bool        `json:"same"`
		Here act.Verdict `json:"here"`
	}{report, again.Same, again.Here}, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string][]byte{"verdict.entente": file, "verdict.json": append(told, '\n'), "us.card": w.cards[0].Bytes(), "il.card": w.cards[1].Bytes()} {
		path := filepath.Join("testdata", name)
		if *update {
			if err := os.WriteFile(path, want, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if got, err := os.ReadFile(path); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s is not what the program writes now (%v): go test ./internal/evidence -run TestVerdictVector -update, and look at what changed", path, err)
		}
	}
	page, err := os.ReadFile(spec)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []string{act.Hash(sha256.Sum256(file)).String(), f.Claim.Digest.String(), report.Number} {
		if !bytes.Contains(page, []byte(s)) {
			t.Errorf("%s does not give %s", spec, s)
		}
	}
}
