package main

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"filippo.io/age"
	"github.com/klauspost/compress/zstd"

	"entente/act"
	"entente/internal/api"
	"entente/internal/national"
	"entente/internal/sqlite"
	"entente/internal/web"
	"entente/party"
)

// A leak looks for marked words of one party's margin in whatever leaves it.
type leak struct {
	t     *testing.T
	dir   string
	marks map[string]string // the marked word, and where it stands in the margin

	mu    sync.Mutex
	seen  int // bytes that were looked through
	found map[string]bool
}

// mark makes a word that stands nowhere else.
func (l *leak) mark(where string) string {
	b := make([]byte, 6)
	if _, err := rand.Read(b); err != nil {
		l.t.Fatal(err)
	}
	m := "zq" + hex.EncodeToString(b)
	l.marks[m] = where
	return m
}

// look looks through what leaves.
func (l *leak) look(where string, b []byte) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.seen += len(b)
	for _, from := range l.find(b) {
		if !l.found[where+from] {
			l.found[where+from] = true
			l.t.Errorf("%s has words of the margin: %s", where, from)
		}
	}
}

// find tells which marks stand in bytes.
func (l *leak) find(b []byte) (from []string) {
	lower := bytes.ToLower(b)
	for m, where := range l.marks {
		if bytes.Contains(lower, []byte(m)) {
			from = append(from, where)
		}
	}
	return from
}

func (l *leak) at(name string) string { return filepath.Join(l.dir, name) }

func (l *leak) us(args ...string) string {
	l.t.Helper()
	return must(l.t, append([]string{"--data", l.at("us"), "--as", "d.reyes"}, args...)...)
}

// lookFiles looks through every file below a folder but those of the margin itself.
func (l *leak) lookFiles(name string) {
	err := filepath.WalkDir(l.at(name), func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() || strings.HasPrefix(d.Name(), sqlite.MarginFile) && !strings.HasPrefix(path, l.at("il")) {
			return err
		}
		b, err := os.ReadFile(path)
		l.look(strings.TrimPrefix(path, l.dir), b)
		return err
	})
	if err != nil {
		l.t.Error(err)
	}
}

// link makes US and IL, who share the groups 0 and 1. In US's delegation to 0 sit d.reyes and k.moore;
// x.other sits in 1 alone, and z.none nowhere.
func (l *leak) link() {
	us, il := l.at("us"), l.at("il")
	must(l.t, "--data", us, "init", "--party", "US", "--name", "United States")
	must(l.t, "--data", il, "init", "--party", "IL", "--name", "Israel")
	for _, p := range []string{"d.reyes", "k.moore", "x.other", "z.none"} {
		must(l.t, "--data", us, "person", "add", p, "--name", p)
	}
	must(l.t, "--data", il, "person", "add", "n.amar", "--name", "N. Amar")
	last := func(data string) string {
		b, err := os.ReadFile(filepath.Join(data, cardFile))
		if err != nil {
			l.t.Fatal(err)
		}
		card, err := party.ParseCard(b)
		if err != nil {
			l.t.Fatal(err)
		}
		return card.Number().Last()
	}
	l.us("invite", "IL", "--name", "Israel", "--group", "Plenary", "--out", l.at("il.invite"))
	must(l.t, "--data", il, "join", l.at("il.invite"), "--confirm", last(us), "--out", l.at("us.reply"))
	l.us("accept", l.at("us.reply"), "--confirm", last(il))
	l.us("group", "convene", "--number", "1", "--name", "Second", "--party", "IL")
	l.us("group", "delegation", "0", "k.moore", "--powers", "propose,remark")
	l.us("group", "delegation", "1", "x.other", "--powers", "propose,remark")
	l.us("propose", "--group", "0", "--kind", "goal", "--title", "Reading", "--text", "The Parties shall read within thirty (30) days.")
	l.us("bundle", "write", "IL", "--group", "0", "--out", l.at("first.bundle"))
	must(l.t, "--data", il, "bundle", "apply", l.at("first.bundle"))
}

// plant writes marked words into every field of the margin, beside G-1 and for the whole group, with
// earlier revisions and entries that have ended.
func (l *leak) plant() {
	for _, ref := range []string{"G-1", "all"} {
		say := func(what string) string {
			return fmt.Sprintf("%s is what is kept here and %s too", l.mark(ref+" "+what), l.mark(ref+" "+what+", at its end"))
		}
		for _, verb := range []string{"instruct", "fallback", "note"} {
			l.us("margin", verb, ref, say(verb), "--group", "0")
		}
		l.us("margin", "redline", ref, say("redline"), "--unit", l.mark(ref+" unit"), "--max", "30", "--group", "0")
		l.us("margin", "redline", ref, "--must-not", l.mark(ref+" phrase"), "--in", "en", "--group", "0")
		l.us("margin", "redline", ref, "--must", l.mark(ref+" must"), "--group", "0")
		l.us("margin", "redline", ref, "--rule", fmt.Sprintf("!text.contains(%q)", l.mark(ref+" rule")), "--group", "0")
		l.us("margin", "reason", ref, "tactical", say("reason"), "--of", "IL", "--group", "0")
		l.us("margin", "note", ref, say("an ended note"), "--group", "0")
	}
	l.us("margin", "never-say", say(l, "never said"), "--group", "0")
	l.us("margin", "officer", "k.moore", "--group", "0")
	first := l.mark("an earlier revision")
	l.us("margin", "instruct", "G-1", first)
	n := l.entries(func(e national.Entry) bool { return strings.Contains(fmt.Sprint(e.Words), first) })[0].Number
	l.us("margin", "instruct", "G-1", "--entry", fmt.Sprint(n), "Another word.")
	l.us("margin", "end", "G-1", fmt.Sprint(n))
	// A draft, who must clear it, and a release; then no clearance is asked for any more.
	l.us("margin", "draft", "G-1", "--title", l.mark("a draft's title"), "--text", say(l, "a draft"))
	l.us("margin", "require", "G-1", "--role", l.mark("a role"), say(l, "a clearance"))
	l.us("margin", "require", "G-1", "--person", "d.reyes")
	l.us("margin", "clear", "G-1", say(l, "what was cleared"))
	l.us("margin", "release", "G-1", say(l, "a release"))
	for _, e := range l.entries(func(e national.Entry) bool { return e.Field == national.Clearance }) {
		l.us("margin", "end", "G-1", fmt.Sprint(e.Number))
	}
	l.plantReadings()
}

// plantReadings keeps observations beside an obligation, and beside its agreement; then sends what this
// party's server computes, and what it has from elsewhere.
func (l *leak) plantReadings() {
	ctx := l.t.Context()
	h, err := openHome(l.at("us"))
	if err != nil {
		l.t.Fatal(err)
	}
	s, err := openStation(ctx, h, stationConfig{clock: time.Now, log: slog.New(slog.DiscardHandler)})
	if err != nil {
		l.t.Fatal(err)
	}
	defer s.close()
	l.ask(s, "d.reyes", "POST", "/v1/g/0/acts", `{"acts": [{"act": "table", "kind": "agreement", "title": {"en": "Of reading"}}, {"act": "table", "kind": "obligation", "parent": "T-1", "title": {"en": "Much"},
		"watch": {"quantity": "pages", "unit": "1", "rule": "pages.latest() >= 5.0"}}]}`)
	for _, ref := range []string{"O-1.1", "T-1"} {
		words := func(what string) string { return l.mark(ref + " reading's " + what) }
		l.ask(s, "d.reyes", "POST", "/v1/g/0/e/"+ref+"/margin/reading", fmt.Sprintf(`{"words": {"en": %q}, "source": {"title": %q, "document": %q, "place": %q, "address": %q, "quote": %q},
			"reading": {"quantity": "pages", "value": "3", "unit": "1", "asOf": "2017-12-01", "note": %q}}`, words("words"), words("title"), words("document"), words("place"), words("address"), words("quote"), words("note")))
	}
	l.ask(s, "d.reyes", "POST", "/v1/g/0/observations", `{"element": "T-1", "sources": [{"title": "Seen"}], "readings": [{"quantity": "pages", "value": "9", "unit": "1", "asOf": "2017-11-01"}]}`)
}

func say(l *leak, what string) string { return l.mark(what) + " and " + l.mark(what+", at its end") }

// entries are those that US's margin holds and is takes.
func (l *leak) entries(is func(national.Entry) bool) (out []national.Entry) {
	m, err := sqlite.OpenMargin(l.t.Context(), l.at("us/"+sqlite.MarginFile))
	if err != nil {
		l.t.Fatal(err)
	}
	defer m.Close()
	err = m.Each(l.t.Context(), func(_ act.Hash, e national.Entry) error {
		if is(e) {
			out = append(out, e)
		}
		return nil
	})
	if err != nil {
		l.t.Fatal(err)
	}
	return out
}

// planted sees to it that every field is there, and every mark: what is looked for can be found.
func (l *leak) planted() {
	had, body := map[national.Field]bool{}, map[string]bool{}
	var all bytes.Buffer
	for _, e := range l.entries(func(national.Entry) bool { return true }) {
		had[e.Field] = true
		raw := national.FormatBody(e.Body)
		all.Write(raw)
		var parts map[string]any
		if err := json.Unmarshal(raw, &parts); err != nil {
			l.t.Fatal(err)
		}
		for name := range parts {
			body[name] = true
		}
	}
	for _, f := range national.Fields() {
		if !had[f] {
			l.t.Errorf("nothing is planted in %s", f)
		}
	}
	if len(body) != 11 { // words, title, line, person, role, for, draft, reason, of, reading, source
		l.t.Errorf("only these parts of entries are planted: %v", body)
	}
	for m, where := range l.marks {
		if !bytes.Contains(all.Bytes(), []byte(m)) {
			l.t.Errorf("%s is not in the margin", where)
		}
	}
}

// work sends what can be sent from US, and tries to send what must be held.
func (l *leak) work() {
	held := l.entries(func(e national.Entry) bool { return e.Field == national.Fallback && e.Element == "G-1" })[0].Words[0].Text
	for _, args := range [][]string{{"remark", "G-1", held}, {"propose", "G-1", "--text", "They shall. " + held}, {"propose", "--group", "1", "--kind", "goal", "--title", "T", "--text", held},
		{"answer", "G-1", "--withdraw", held}, {"group", "convene", "--number", "7", "--name", "Third", "--party", "IL", "--terms", held}} {
		if code, out, said := run(l.t, append([]string{"--data", l.at("us"), "--as", "d.reyes"}, args...)...); code != 5 {
			l.t.Errorf("%v: exit code %d %s%s", args, code, out, said)
		}
	}
	if code, _, said := run(l.t, "--data", l.at("us"), "--as", "x.other", "propose", "--group", "1", "--kind", "goal", "--title", "T", "--text", held); code != 5 {
		l.t.Errorf("through another group: exit code %d", code)
	} else {
		l.look("what a sender who is not seated is told", []byte(strings.ReplaceAll(said, held, "")))
	}
	l.us("propose", "G-1", "--text", "The Parties shall read within sixty (60) days.")
	l.us("remark", "G-1", "See the note of 12 December.")
	l.us("propose", "--group", "1", "--kind", "goal", "--title", "Other", "--text", "Other words.")
	il := func(args ...string) { must(l.t, append([]string{"--data", l.at("il")}, args...)...) }
	l.us("bundle", "write", "IL", "--group", "1", "--out", l.at("1.bundle"))
	il("bundle", "apply", l.at("1.bundle"))
	il("group", "join", "1")
	il("bundle", "apply", l.at("1.bundle"))
	il("answer", "G-1", "--group", "1", "--accept")
	il("bundle", "write", "US", "--group", "1", "--out", l.at("2.bundle"))
	l.us("bundle", "apply", l.at("2.bundle"))
	l.us("propose", "--group", "1", "--document")
}

// TestNothingOfTheMarginLeaves plants marked words in every field of one party's margin, and looks
// for them in every byte that leaves it: on the line to the counterpart, unpacked; in bundles, opened;
// in proofs and documents; in the server's log; in what the API and the pages answer to everybody but
// the delegation, and to the delegation everywhere but in the margin; in feeds; in every file of the
// party's own folder but the margin's; and in the counterpart's whole folder.
func TestNothingOfTheMarginLeaves(t *testing.T) {
	l := &leak{t: t, dir: t.TempDir(), marks: map[string]string{}, found: map[string]bool{}}
	l.link()
	l.plant()
	l.planted()
	l.work()
	l.files()
	l.online()
	l.lookFiles("us")
	l.lookFiles("il")
	if l.seen < 1<<20 || len(l.marks) < 40 {
		t.Errorf("only %d bytes were looked through for %d marks", l.seen, len(l.marks))
	}
	// What looks must be able to find.
	b, err := os.ReadFile(l.at("us/" + sqlite.MarginFile))
	if err != nil {
		t.Fatal(err)
	}
	if n := len(l.find(b)); n < len(l.marks)*9/10 {
		t.Errorf("only %d of %d marks are found where they stand", n, len(l.marks))
	}
}

// files looks through what a party writes to carry or to show.
func (l *leak) files() {
	for _, g := range []string{"0", "1"} {
		name := l.at("to-il-" + g + ".bundle")
		l.us("bundle", "write", "IL", "--group", g, "--whole", "--out", name)
		l.look("a bundle", l.opened(name))
		must(l.t, "--data", l.at("il"), "bundle", "apply", name)
		for what, args := range map[string][]string{"a proof": {"export", "proof"}, "a document": {"export", "document"}} {
			out := l.at(strings.ReplaceAll(what, " ", "-") + g)
			l.us(append(args, "--group", g, "--out", out)...)
			b, err := os.ReadFile(out)
			if err != nil {
				l.t.Fatal(err)
			}
			l.look(what, b)
			l.look(what, expanded(b))
		}
	}
	l.verdict()
	must(l.t, "--data", l.at("us"), "backup", l.at("saved"))
	l.lookFiles("saved")
}

// verdict has the other side agree on what the readings of the margin stand beside, and looks through
// the file that shows its verdict to strangers.
func (l *leak) verdict() {
	for _, ref := range []string{"T-1", "O-1.1"} {
		must(l.t, "--data", l.at("il"), "answer", ref, "--group", "0", "--accept")
	}
	back, out := l.at("to-us.bundle"), l.at("a-verdict")
	must(l.t, "--data", l.at("il"), "bundle", "write", "US", "--group", "0", "--out", back)
	l.us("bundle", "apply", back)
	l.us("evidence", "O-1.1", "--group", "0", "--out", out)
	b, err := os.ReadFile(out)
	if err != nil {
		l.t.Fatal(err)
	}
	l.look("a verdict's file", b)
	l.look("a verdict's file", expanded(b))
	if said := must(l.t, "verify", out); !strings.Contains(said, "the same (from 1 reading)") {
		l.t.Errorf("readings of the margin count in a verdict that is shown: %s", said)
	}
}

// opened is what stands in a bundle: decrypted, and unpacked.
func (l *leak) opened(name string) []byte {
	b, err := os.ReadFile(name)
	if err != nil {
		l.t.Fatal(err)
	}
	raw, err := os.ReadFile(l.at("il/" + keysFile))
	if err != nil {
		l.t.Fatal(err)
	}
	keys, err := party.ParseKeys(raw)
	if err != nil {
		l.t.Fatal(err)
	}
	r, err := age.Decrypt(bytes.NewReader(b), keys.Seal())
	if err != nil {
		l.t.Fatal(err)
	}
	plain, err := io.ReadAll(r)
	if err != nil {
		l.t.Fatal(err)
	}
	_, packed, _ := bytes.Cut(plain, []byte("\n\n"))
	words := expanded(packed)
	if !bytes.Contains(words, []byte("The Parties shall read")) && !bytes.Contains(words, []byte("Other words.")) {
		l.t.Errorf("%s was not opened: %d bytes", name, len(words))
	}
	return append(plain, words...)
}

// expanded unpacks what is packed; nothing of what is not.
func expanded(b []byte) []byte {
	d, err := zstd.NewReader(nil)
	if err != nil {
		return nil
	}
	defer d.Close()
	out, _ := d.DecodeAll(b, nil)
	return out
}

// online runs both servers on one line, through which every message is read, and asks both for
// everything that they answer.
func (l *leak) online() {
	ctx, cancel := context.WithCancel(l.t.Context())
	var log bytes.Buffer
	var logging sync.Mutex
	open := func(name string) *station {
		h, err := openHome(l.at(name))
		if err != nil {
			l.t.Fatal(err)
		}
		s, err := openStation(ctx, h, stationConfig{clock: time.Now, log: slog.New(slog.NewTextHandler(locked{&logging, &log}, &slog.HandlerOptions{Level: slog.LevelDebug}))})
		if err != nil {
			l.t.Fatal(err)
		}
		return s
	}
	us, il := open("us"), open("il")
	defer func() {
		cancel()
		if err := us.close(); err != nil {
			l.t.Error(err)
		}
		if err := il.close(); err != nil {
			l.t.Error(err)
		}
		l.look("the servers' log", log.Bytes())
	}()
	var doors sync.WaitGroup
	defer doors.Wait()
	defer cancel()
	lines := 0
	for _, x := range []struct{ from, to *station }{{us, il}, {il, us}} {
		front, back := tapListen(l.t), tapListen(l.t)
		doors.Go(func() { _ = x.to.exchange.Serve(ctx, back) })
		tap := l.tap(x.from.home.keys.Exchange(), x.to.home.keys.Exchange(), back.Addr().String(), &lines)
		doors.Go(func() { _ = tap.Serve(tls.NewListener(front, tapTLS(l.t, x.to.home.keys.Exchange()))) })
		context.AfterFunc(ctx, func() { tap.Close() })
		l.ask(x.from, "", "POST", "/v1/counterparts/"+string(x.to.chancery.Self())+"/address", fmt.Sprintf(`{"address": %q}`, front.Addr()))
	}
	for _, x := range []struct {
		s  *station
		to party.Code
	}{{us, "IL"}, {il, "US"}, {us, "IL"}} {
		if err := (couriers{x.s}).TryNow(ctx, x.to); err != nil {
			l.t.Fatal(err)
		}
	}
	if lines == 0 {
		l.t.Error("nothing went over the line")
	}
	l.answers(us, il)
	l.pages(ctx, us, "x.other", "z.none")
	l.pages(ctx, il, "n.amar")
	l.ownPages(ctx, us, "d.reyes")
}

// answers asks both servers for every address that is described, as everybody.
func (l *leak) answers(us, il *station) {
	paths := described(l.t, us)
	for _, p := range paths {
		for _, path := range filled(p) {
			for _, who := range []string{"", "x.other", "z.none"} {
				l.look("what "+who+" is answered at "+path, l.ask(us, who, "GET", path, ""))
			}
			l.look("what IL is answered at "+path, l.ask(il, "n.amar", "GET", path, ""))
			if !strings.HasSuffix(p, "/margin") && !watchedPath.MatchString(p) { // the delegation finds its margin in one place, and its readings where they are computed with
				l.look("outside of the margin, at "+path, l.ask(us, "d.reyes", "GET", path, ""))
			}
		}
	}
	if len(paths) < 15 {
		l.t.Errorf("only %d addresses are described", len(paths))
	}
	var mark string
	for m, where := range l.marks {
		if where == "G-1 note" {
			mark = m
		}
	}
	for _, who := range []string{"d.reyes", "x.other"} {
		found := l.ask(us, who, "GET", "/v1/search?q="+mark, "")
		if !bytes.Contains(found, []byte(`"total":0`)) {
			l.t.Errorf("%s finds a word of the margin: %s", who, found)
		}
	}
	if own := l.ask(us, "k.moore", "GET", "/v1/g/0/e/G-1/margin", ""); !bytes.Contains(own, []byte(mark)) {
		l.t.Error("the delegation does not find its own margin")
	}
}

// described lists the addresses that can be asked for.
func described(t *testing.T, s *station) (out []string) {
	w := httptest.NewRecorder()
	s.api.Remote().ServeHTTP(w, httptest.NewRequest("GET", api.DescriptionPath, nil))
	var doc struct {
		Paths map[string]map[string]any `json:"paths"`
	}
	if err := json.Unmarshal(w.Body.Bytes(), &doc); err != nil {
		t.Fatal(err)
	}
	for path, ops := range doc.Paths {
		if _, ok := ops["get"]; ok {
			out = append(out, path)
		}
	}
	slices.Sort(out)
	return out
}

// filled puts groups and references into an address.
func filled(path string) (out []string) {
	for _, g := range []string{"0", "1"} {
		p := strings.NewReplacer("{g}", g, "monitor/{ref}", "monitor/O-1.1", "evidence/{ref}", "evidence/O-1.1", "agreements/{ref}", "agreements/T-1", "{ref}", "G-1", "{n}", "1", "{id}", "x", "{code}", "IL", "{key}", "x").Replace(path)
		out = append(out, p)
		if strings.HasSuffix(p, "/log") {
			out = append(out, p+"?party=US")
		}
	}
	return slices.Compact(out)
}

func (l *leak) ask(s *station, who, method, path, body string) []byte {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	if who != "" {
		r.Header.Set(api.PersonHeader, who)
	}
	w := httptest.NewRecorder()
	s.api.ServeHTTP(w, r)
	if method == "POST" && w.Code != http.StatusOK {
		l.t.Fatalf("%s: %d %s", path, w.Code, w.Body)
	}
	return append(w.Body.Bytes(), expanded(w.Body.Bytes())...)
}

// pages looks through the pages of people who are not in the delegation to group 0, and through what
// is told to an open page when something happens.
func (l *leak) pages(ctx context.Context, s *station, people ...party.Person) {
	pages, err := web.New(web.Config{Chancery: s.chancery, Couriers: couriers{s}, Origin: "http://127.0.0.1:7411", Margin: s.api.Margin, Log: s.log})
	if err != nil {
		l.t.Fatal(err)
	}
	for _, who := range people {
		get := l.signedIn(ctx, s, pages, who)
		if got := get(ctx, "/groups"); got.Code != http.StatusOK {
			l.t.Errorf("%s is not signed in: %d", who, got.Code)
		}
		for _, path := range slices.Concat(sharedPages, watchedPages) {
			for _, twin := range []string{path, strings.TrimSuffix(path, "?q=zq") + ".json"} {
				l.look(string(who)+" at "+twin, get(ctx, twin).Body.Bytes())
			}
		}
		open, closed := context.WithCancel(ctx)
		told := make(chan []byte)
		go func() { told <- get(open, "/events").Body.Bytes() }()
		changed := s.chancery.Groups()[0].Changed()
		if s.chancery.Self() == "US" {
			l.ask(s, "d.reyes", "POST", "/v1/g/0/acts", `{"acts": [{"act": "remark", "element": "G-1", "text": {"en": "A word."}}]}`)
			l.ask(s, "d.reyes", "POST", "/v1/g/0/e/G-1/margin", `{"field": "note", "words": {"en": "`+l.mark("a note while a page is open")+`"}}`)
			<-changed
		}
		closed()
		l.look("the feed of "+string(who), <-told)
	}
}

// signedIn asks the pages as a person.
func (l *leak) signedIn(ctx context.Context, s *station, pages http.Handler, who party.Person) func(context.Context, string) *httptest.ResponseRecorder {
	token, err := s.chancery.Begin(ctx, who)
	if err != nil {
		l.t.Fatal(err)
	}
	return func(ctx context.Context, path string) *httptest.ResponseRecorder {
		r := httptest.NewRequest("GET", "http://127.0.0.1:7411"+path, nil).WithContext(ctx)
		card := s.chancery.Card()
		r.AddCookie(&http.Cookie{Name: "entente-" + strings.ToLower(string(card.Code)) + "-" + card.Number().Groups()[0], Value: token})
		w := httptest.NewRecorder()
		pages.ServeHTTP(w, r)
		return w
	}
}

// ownPages looks through the pages of somebody of the delegation: the margin is where it belongs, kept
// by no cache, and nowhere else.
func (l *leak) ownPages(ctx context.Context, s *station, who party.Person) {
	pages, err := web.New(web.Config{Chancery: s.chancery, Couriers: couriers{s}, Origin: "http://127.0.0.1:7411", Margin: s.api.Margin, Log: s.log})
	if err != nil {
		l.t.Fatal(err)
	}
	get := l.signedIn(ctx, s, pages, who)
	for _, path := range sharedPages {
		if !slices.Contains(marginPlaces, path) {
			l.look("the delegation's own page "+path, get(ctx, path).Body.Bytes())
		}
	}
	for _, path := range marginPlaces[:len(marginPlaces)-1] {
		got := get(ctx, path)
		if got.Code != http.StatusOK || len(l.find(got.Body.Bytes())) == 0 || got.Header().Get("Cache-Control") != "no-store" {
			l.t.Errorf("%s: %d, %d marks, kept as %q", path, got.Code, len(l.find(got.Body.Bytes())), got.Header().Get("Cache-Control"))
		}
	}
}

// sharedPages are pages that may have no word of the margin for anybody else, with the places of the
// margin itself; marginPlaces are those where the delegation finds it.
var (
	sharedPages = append([]string{"/", "/g/0/plan", "/g/0/doc", "/g/0/doc/parallel", "/g/0/doc.txt", "/g/1/plan", "/g/1/doc", "/g/1/e/G-1", "/g/1/e/G-1/negotiate", "/g/0/negotiation", "/board",
		"/g/0/board", "/g/0/rounds", "/g/0/import", "/g/0/e/G-1/act/remark", "/g/0/e/G-1.json", "/g/0/e/G-1/negotiate.json", "/groups", "/search?q=zq", "/sync"}, marginPlaces...)
	watchedPages = []string{"/monitor", "/g/0/monitor", "/g/0/monitor/O-1.1", "/g/0/agreement/T-1", "/g/0/agreement/T-1/observations.csv", "/g/0/monitor/calendar"}
	marginPlaces = []string{"/g/0/e/G-1", "/g/0/e/G-1/negotiate", "/g/0/e/G-1/margin", "/g/0/margin", "/g/0/e/G-1/release"}
)

// watchedPath is an address at which the delegation's own readings are computed with.
var watchedPath = regexp.MustCompile(`/(monitor|agreements|programmes)(/\{ref\})?$`)

// locked is a log that several may write to.
type locked struct {
	mu *sync.Mutex
	w  io.Writer
}

func (l locked) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.w.Write(b)
}

func tapListen(t *testing.T) net.Listener {
	t.Helper()
	n, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { n.Close() })
	return n
}

func tapTLS(t *testing.T, key ed25519.PrivateKey) *tls.Config {
	t.Helper()
	template := &x509.Certificate{SerialNumber: big.NewInt(7), NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(nil, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	return &tls.Config{MinVersion: tls.VersionTLS13, InsecureSkipVerify: true, ClientAuth: tls.RequireAnyClientCert,
		Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}
}

// tap stands on the line between two servers with the keys of both, reads what goes over it, and
// passes it on.
func (l *leak) tap(from, to ed25519.PrivateKey, address string, lines *int) *http.Server {
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: tapTLS(l.t, from)}}
	return &http.Server{ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelDebug), Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		again, err := http.NewRequestWithContext(r.Context(), r.Method, "https://"+address+r.URL.RequestURI(), bytes.NewReader(asked))
		if err != nil {
			return
		}
		again.Header = r.Header
		resp, err := client.Do(again)
		if err != nil {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		defer resp.Body.Close()
		answered, err := io.ReadAll(resp.Body)
		if err != nil {
			return
		}
		head := []byte(fmt.Sprint(r.URL, r.Header, resp.Header))
		for _, b := range [][]byte{head, asked, answered, expanded(asked), expanded(answered)} {
			l.look("the line to the counterpart", b)
		}
		l.mu.Lock()
		*lines += len(expanded(asked)) + len(expanded(answered))
		l.mu.Unlock()
		for k, v := range resp.Header {
			w.Header()[k] = v
		}
		w.WriteHeader(resp.StatusCode)
		if _, err := w.Write(answered); err != nil {
			return
		}
	})}
}
