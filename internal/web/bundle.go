package web

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/a-h/templ"

	"entente/act"
	"entente/internal/api"
	"entente/internal/chancery"
	"entente/internal/web/locale"
	"entente/internal/web/ui"
	"entente/party"
	"entente/text"
)

// bundleData is the page on which a bundle is read, and then applied or left.
type bundleData struct {
	Bundle  *api.Bundle    `json:"bundle,omitempty"`
	New     int            `json:"new"`
	Kinds   map[string]int `json:"kinds,omitempty"`
	Adopted []act.Ref      `json:"adopted,omitempty"`

	problems []ui.Problem
	token    string // of the file, held for a while
	applied  bool
	from     ui.Party
	group    text.Texts
	base     string
}

// A parcel is a bundle that somebody has read and not yet applied. It is held in memory only.
type parcel struct {
	who  party.Person
	file []byte
	at   time.Time
}

// parcels holds bundles between reading and applying.
type parcels struct {
	mu   sync.Mutex
	held map[string]parcel
}

const (
	parcelsEach = 2         // bundles held for one person
	parcelBytes = 256 << 20 // bytes of bundles held for all
	parcelLife  = 15 * time.Minute
)

// keep holds a bundle. Where there is no room one's own oldest is let go, or the oldest of whoever
// holds most.
func (p *parcels) keep(who party.Person, file []byte, now time.Time) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.held == nil {
		p.held = map[string]parcel{}
	}
	for k, x := range p.held {
		if now.Sub(x.at) > parcelLife {
			delete(p.held, k)
		}
	}
	var b [16]byte
	_, _ = rand.Read(b[:]) // it never fails: crypto/rand
	token := hex.EncodeToString(b[:])
	p.held[token] = parcel{who, file, now}
	for {
		counts, bytes, all := map[party.Person]int{}, map[party.Person]int{}, 0
		most := who
		for _, x := range p.held {
			counts[x.who]++
			all += len(x.file)
			if bytes[x.who] += len(x.file); bytes[x.who] > bytes[most] {
				most = x.who
			}
		}
		switch {
		case counts[who] > parcelsEach:
			p.drop(who, token)
		case all > parcelBytes && len(p.held) > 1:
			p.drop(most, token)
		default:
			return token
		}
	}
}

// drop lets go of a person's oldest bundle, or of any, but not of the one just kept.
func (p *parcels) drop(of party.Person, kept string) {
	oldest := ""
	for k, x := range p.held {
		if k == kept {
			continue
		}
		o, some := p.held[oldest]
		if !some || (x.who == of) != (o.who == of) && x.who == of || (x.who == of) == (o.who == of) && x.at.Before(o.at) {
			oldest = k
		}
	}
	delete(p.held, oldest)
}

// take gives a held bundle to who read it, once.
func (p *parcels) take(token string, who party.Person, now time.Time) ([]byte, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	x, ok := p.held[token]
	if !ok || x.who != who || now.Sub(x.at) > parcelLife {
		return nil, false
	}
	delete(p.held, token)
	return x.file, true
}

func (s *Server) showBundle(w http.ResponseWriter, r *http.Request, v visit, d bundleData) {
	status := http.StatusOK
	if len(d.problems) > 0 {
		status = http.StatusUnprocessableEntity
	}
	s.showAs(w, r, v, status, d, func(f ui.Frame) templ.Component { return bundleView(f, d) })
}

// bundlePage asks for a bundle.
func (s *Server) bundlePage(w http.ResponseWriter, r *http.Request, v visit) {
	s.showBundle(w, r, v, bundleData{})
}

// bundleForm reads a bundle and says what it would change. Nothing is changed yet.
func (s *Server) bundleForm(w http.ResponseWriter, r *http.Request, v visit) {
	d := bundleData{}
	file, err := uploaded(r)
	var large *http.MaxBytesError
	if errors.As(err, &large) || s.couriers == nil {
		s.fail(w, r, v, errors.Join(err, chancery.ErrWithheld))
		return
	}
	if len(file) == 0 {
		d.problems = []ui.Problem{{Field: "file", Words: locale.T(r.Context(), "bundle.missing")}}
		s.showBundle(w, r, v, d)
		return
	}
	b, taken, err := s.couriers.ReadBundle(r.Context(), file)
	if err == nil && !s.mayTake(v, b) {
		err = chancery.ErrWithheld
	}
	if err != nil {
		d.problems = s.bundleProblem(r, err)
		s.showBundle(w, r, v, d)
		return
	}
	s.tell(r, v, &d, b, taken)
	d.token = s.parcels.keep(v.who.Person, file, s.now())
	s.showBundle(w, r, v, d)
}

// mayTake keeps a bundle to those who sit in its group, and an invitation to those who may answer it.
func (s *Server) mayTake(v visit, b api.Bundle) bool {
	_, seen := s.handleOf(v, b.Group)
	return seen || b.Invites && s.chancery.MayConvene(v.who)
}

func uploaded(r *http.Request) ([]byte, error) {
	f, _, err := r.FormFile("file")
	if err != nil {
		if errors.Is(err, http.ErrMissingFile) || errors.Is(err, http.ErrNotMultipart) {
			return nil, nil
		}
		return nil, err
	}
	defer func() { _ = f.Close() }()
	return io.ReadAll(f)
}

// bundleProblem says why a bundle was not read. Every such error is a whole sentence.
func (s *Server) bundleProblem(r *http.Request, err error) []ui.Problem {
	words := err.Error()
	if errors.Is(err, chancery.ErrWithheld) {
		words = locale.T(r.Context(), "bundle.withheld")
	}
	return []ui.Problem{{Field: "file", Words: words}}
}

func (s *Server) tell(r *http.Request, v visit, d *bundleData, b api.Bundle, t chancery.Taken) {
	d.Bundle, d.New, d.Adopted, d.Kinds = &b, t.Entries, t.Adopted, map[string]int{}
	for k, n := range t.Kinds {
		d.Kinds[k.String()] = n
	}
	d.from = ui.Party{Ordinal: -1, Code: string(b.From), Name: string(b.From)}
	if g, ok := s.handleOf(v, b.Group); ok {
		sc := s.sceneOf(r, v.who, g)
		d.from, d.group, d.base = sc.party(b.From), g.Charter().Name, sc.base
	}
}

// applyForm applies a bundle that was read: all of it or nothing.
func (s *Server) applyForm(w http.ResponseWriter, r *http.Request, v visit) {
	file, held := s.parcels.take(r.PostFormValue("token"), v.who.Person, s.now())
	if !held || s.couriers == nil {
		s.showBundle(w, r, v, bundleData{problems: []ui.Problem{{Field: "file", Words: locale.T(r.Context(), "bundle.gone")}}})
		return
	}
	b, taken, err := s.couriers.ApplyBundle(r.Context(), v.who, file)
	d := bundleData{}
	if err != nil {
		d.problems = s.bundleProblem(r, err)
	} else {
		s.tell(r, v, &d, b, taken)
		d.applied = true
	}
	s.showBundle(w, r, v, d)
}

// writeData is the page on which a bundle is written.
type writeData struct {
	To       party.Code `json:"to"`
	Choices  []writeRow `json:"choices"`
	problems []ui.Problem
}

// A writeRow is a group that a bundle can be written of, for a counterpart.
type writeRow struct {
	To    party.Code `json:"to"`
	Group string     `json:"group"`
	Name  text.Texts `json:"name"`
	words string
}

func (s *Server) writeOf(r *http.Request, v visit) (writeData, error) {
	d := writeData{To: party.Code(r.FormValue("to")), Choices: []writeRow{}}
	list, err := s.chancery.Counterparts(r.Context())
	for _, o := range list {
		for _, g := range s.chancery.Shared(o.Card) {
			if g.Seats(v.who) && (d.To == "" || d.To == o.Card.Code) {
				d.Choices = append(d.Choices, writeRow{o.Card.Code, g.Handle(), g.Charter().Name,
					o.Card.Names.Best(s.lang(r)).Text + " · " + groupTitle(r, g.Charter())})
			}
		}
	}
	return d, err
}

// writePage asks of which group, for whom.
func (s *Server) writePage(w http.ResponseWriter, r *http.Request, v visit) {
	d, err := s.writeOf(r, v)
	if err != nil || s.couriers == nil {
		s.fail(w, r, v, errors.Join(err, chancery.ErrWithheld))
		return
	}
	s.show(w, r, v, d, func(f ui.Frame) templ.Component { return writeView(f, d) })
}

// writeForm writes a bundle and sends it to the browser as a file.
func (s *Server) writeForm(w http.ResponseWriter, r *http.Request, v visit) {
	d, err := s.writeOf(r, v)
	if err != nil || s.couriers == nil {
		s.fail(w, r, v, errors.Join(err, chancery.ErrWithheld))
		return
	}
	to, handle, _ := strings.Cut(r.PostFormValue("what"), "/")
	for _, c := range d.Choices {
		g, ok := s.chancery.Group(c.Group)
		if !ok || string(c.To) != to || c.Group != handle {
			continue
		}
		b, file, err := s.couriers.WriteBundle(r.Context(), v.who, c.To, g.ID(), r.PostFormValue("whole") == "yes")
		if err != nil {
			if !s.refusedHere(w, r, v, err, &d.problems, nil) {
				return
			}
			break
		}
		s.sendFile(w, fmt.Sprintf("%s-%s-%d.bundle", strings.ToLower(to), handle, b.Number), file)
		return
	}
	if len(d.problems) == 0 {
		d.problems = []ui.Problem{{Field: "what", Words: locale.T(r.Context(), "write.missing")}}
	}
	s.showAs(w, r, v, http.StatusUnprocessableEntity, d, func(f ui.Frame) templ.Component { return writeView(f, d) })
}

// hurry tries a counterpart that was just linked, so that both are in step without waiting.
func (s *Server) hurry(code party.Code) {
	ctx, cancel := context.WithTimeout(context.Background(), hurryTime)
	defer cancel()
	if err := s.couriers.TryNow(ctx, code); err != nil {
		s.log.Info("a counterpart that was just linked did not answer", "party", code, "err", err)
	}
}

const hurryTime = 20 * time.Second
