package web

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/a-h/templ"

	"entente/act"
	"entente/internal/api"
	"entente/internal/chancery"
	"entente/internal/web/locale"
	"entente/internal/web/ui"
	"entente/party"
)

// An import that is carried out goes on by itself: its page says how far it has come, without a script,
// and can be left. All of the file is written at its end, or nothing.

// importJobs are the imports of the last while, and whose files are being read right now.
type importJobs struct {
	mu   sync.Mutex
	jobs map[string]*importJob
	busy map[party.Person]bool
	turn chan struct{}
}

// An importJob is one import that is carried out, or was.
type importJob struct {
	who     party.Person
	group   act.Hash
	element act.Ref
	name    string
	began   time.Time

	mu       sync.Mutex
	done, of int
	over     bool
	out      api.ReadingImport
	err      error
	back     bool // it was taken back
}

const (
	jobLife  = 2 * time.Hour
	jobsHeld = 200
	jobsEach = 10                     // of one person
	atOnce   = 2                      // files that are read at the same time: each may take some hundred megabytes
	jobWait  = 800 * time.Millisecond // a shorter import shows its result at once
)

// start carries out an import under a new name.
func (s *Server) startImport(v visit, d readingsImport) (string, *importJob) {
	j := &importJob{who: v.who.Person, group: v.group.ID(), element: d.Element, name: d.FileName, began: s.now()}
	var b [16]byte
	_, _ = rand.Read(b[:]) // it never fails: crypto/rand
	id := hex.EncodeToString(b[:])
	s.imports.keep(id, j, s.now())
	return id, j
}

// begin waits until a file may be read, of each person one at a time; end lets the next one go on.
func (l *importJobs) begin(ctx context.Context, who party.Person) (end func(), err error) {
	l.mu.Lock()
	if l.busy == nil {
		l.busy, l.turn = map[party.Person]bool{}, make(chan struct{}, atOnce)
	}
	if l.busy[who] {
		l.mu.Unlock()
		return nil, &chancery.Refused{Rule: "busy", Sentence: "Another file of yours is still being read. Nothing was sent. Wait until that is done, and try again."}
	}
	l.busy[who] = true
	l.mu.Unlock()
	free := func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		delete(l.busy, who)
	}
	select {
	case l.turn <- struct{}{}:
		return func() { <-l.turn; free() }, nil
	case <-ctx.Done():
		free()
		return nil, ctx.Err()
	}
}

// keep holds an import; those that are too old, the oldest of too many of a person, or else the oldest
// of too many, are let go.
func (l *importJobs) keep(id string, j *importJob, now time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.jobs == nil {
		l.jobs = map[string]*importJob{}
	}
	oldest, own, owns := "", "", 0
	for k, x := range l.jobs {
		if now.Sub(x.began) > jobLife {
			delete(l.jobs, k)
			continue
		}
		if oldest == "" || x.began.Before(l.jobs[oldest].began) {
			oldest = k
		}
		if x.who != j.who {
			continue
		}
		if owns++; own == "" || x.began.Before(l.jobs[own].began) {
			own = k
		}
	}
	switch {
	case owns >= jobsEach:
		delete(l.jobs, own)
	case len(l.jobs) >= jobsHeld:
		delete(l.jobs, oldest)
	}
	l.jobs[id] = j
}

func (l *importJobs) find(id string, v visit) (*importJob, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	j, ok := l.jobs[id]
	return j, ok && j.who == v.who.Person && j.group == v.group.ID()
}

// run reads and sends; it is told how far it has come. No request waits for it that would take up what
// goes wrong in it, so that it does so itself: no file ends the server.
func (j *importJob) run(send func(step func(done, of int)) (api.ReadingImport, error)) {
	out, err := api.ReadingImport{}, errBroken
	defer func() {
		if why := recover(); why != nil {
			err = fmt.Errorf("%w: %v", errBroken, why)
		}
		j.mu.Lock()
		defer j.mu.Unlock()
		j.over, j.out, j.err = true, out, err
	}()
	out, err = send(func(done, of int) {
		j.mu.Lock()
		defer j.mu.Unlock()
		j.done, j.of = done, of
	})
}

var errBroken = errors.New("the file could not be read")

// applyImport carries out the import, and leads to its page.
func (s *Server) applyImport(w http.ResponseWriter, r *http.Request, v visit, d readingsImport, ask api.AskReadingImport) {
	ctx := context.WithoutCancel(r.Context())
	end, err := s.imports.begin(r.Context(), v.who.Person)
	if err != nil {
		s.fail(w, r, v, err)
		return
	}
	s.parcels.take(d.token, v.who.Person, s.now())
	id, j := s.startImport(v, d)
	finished := make(chan struct{})
	go func() {
		defer close(finished)
		defer end()
		j.run(func(step func(done, of int)) (api.ReadingImport, error) {
			return s.monitorDesk().ImportReadings(ctx, v.group, v.who, ask, step)
		})
	}()
	select {
	case <-finished:
	case <-time.After(jobWait):
	}
	goTo(w, r, d.sc.base+"/imports/"+id)
}

// importJobData is the page of an import that is carried out, or was.
type importJobData struct {
	Element act.Ref            `json:"element"`
	File    string             `json:"file,omitempty"`
	Over    bool               `json:"over"`
	Done    int                `json:"done"`
	Of      int                `json:"of"`
	Import  *api.ReadingImport `json:"import,omitempty"`
	Back    bool               `json:"takenBack,omitempty"`
	Fault   string             `json:"fault,omitempty"`

	id       string
	sc       scene
	problems []ui.Problem
}

// importJobPage says how far an import has come, or what came of it.
func (s *Server) importJobPage(w http.ResponseWriter, r *http.Request, v visit) {
	d, _, ok := s.importJobOf(r, v)
	if !ok {
		s.fail(w, r, v, chancery.ErrWithheld)
		return
	}
	if !d.Over {
		w.Header().Set("Refresh", "1")
	}
	s.show(w, r, v, d, func(f ui.Frame) templ.Component { return importJobView(f, d) })
}

func (s *Server) importJobOf(r *http.Request, v visit) (importJobData, *importJob, bool) {
	id := r.PathValue("job")
	if v.json {
		id = id[:len(id)-len(jsonSuffix)]
	}
	j, ok := s.imports.find(id, v)
	if !ok {
		return importJobData{}, nil, false
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	d := importJobData{Element: j.element, File: j.name, Over: j.over, Done: j.done, Of: j.of, Back: j.back, id: id, sc: s.scene(r, v)}
	if j.over {
		d.Import = &j.out
		if j.err != nil {
			d.Fault = s.faultOf(r, j.err).Message
		}
	}
	return d, j, true
}

// importUndo takes back what an import has sent, by an act of its own.
func (s *Server) importUndo(w http.ResponseWriter, r *http.Request, v visit) {
	d, j, ok := s.importJobOf(r, v)
	if !ok {
		s.fail(w, r, v, chancery.ErrWithheld)
		return
	}
	if d.Import == nil || len(d.Import.Sent) == 0 || d.Back {
		goTo(w, r, d.sc.base+"/imports/"+d.id)
		return
	}
	var asks []api.Ask
	for list := d.Import.Sent; len(list) > 0; {
		n := min(len(list), act.MaxTakesBack)
		ask := api.Ask{Act: "take-back", Element: string(d.Element)}
		for _, b := range list[:n] {
			ask.Batches = append(ask.Batches, b.ID.String())
		}
		asks, list = append(asks, ask), list[n:]
	}
	if _, err := api.Send(r.Context(), v.group, v.who, asks...); err != nil {
		f := s.faultOf(r, err)
		d.problems = []ui.Problem{{Words: f.Message}}
		s.showAs(w, r, v, f.status, d, func(f ui.Frame) templ.Component { return importJobView(f, d) })
		return
	}
	j.mu.Lock()
	j.back = true
	j.mu.Unlock()
	goTo(w, r, d.sc.base+"/imports/"+d.id)
}

// sent counts what was sent.
func (d importJobData) sent() (n int) {
	if d.Import == nil {
		return 0
	}
	for _, b := range d.Import.Sent {
		n += b.Readings
	}
	return n
}

// proposed counts the obligations that were proposed of what the file aims at.
func (d importJobData) proposed() (n int) {
	for _, t := range d.Import.Targets {
		if t.Ref != "" {
			n++
		}
	}
	return n
}

// heading is what the page is called.
func (d importJobData) heading() locale.Key {
	switch {
	case !d.Over:
		return "import.running"
	case d.Fault != "":
		return "import.failed"
	case d.Back:
		return "import.undone"
	}
	return "import.done"
}
