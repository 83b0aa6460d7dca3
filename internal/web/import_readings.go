package web

import (
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/a-h/templ"

	"entente/act"
	"entente/internal/api"
	"entente/internal/chancery"
	"entente/internal/export/readings"
	"entente/internal/web/locale"
	"entente/internal/web/ui"
	"entente/party"
	"entente/plan"
	"entente/text"
)

// readingsImport is the page on which a file of observations is read: which file, what its columns hold,
// what would come of it, and then all of it or nothing. Nothing is kept between the steps but the file
// itself, for a while and in memory.
type readingsImport struct {
	Step     string             `json:"step"`
	Element  act.Ref            `json:"element,omitempty"`
	Watched  []plan.Item        `json:"watched"` // agreements and programmes that observations can be of
	Import   *api.ReadingImport `json:"import,omitempty"`
	Mapping  *readings.Mapping  `json:"mapping,omitempty"`
	FileName string             `json:"file,omitempty"`

	sc       scene
	token    string     // of the file that is held
	table    [][]string // the first rows, to see what the columns hold
	leaveOut bool
	problems []ui.Problem
}

// The steps.
const (
	stepFile    = "file"
	stepMapping = "mapping"
	stepPreview = "preview"
)

// sampleRows is how many rows are shown beside the columns.
const sampleRows = 3

// importRoutes are the pages of the import.
func (s *Server) importRoutes(m *http.ServeMux) {
	s.twin(m, "/g/{g}/monitor/import", s.readingsPage)
	m.HandleFunc("POST /g/{g}/monitor/import", s.inGroup(s.readingsForm))
	m.HandleFunc("GET /g/{g}/imports/{job}", s.inGroup(s.importJobPage))
	m.HandleFunc("POST /g/{g}/imports/{job}", s.inGroup(s.importUndo))
}

// readingsPage asks for a file.
func (s *Server) readingsPage(w http.ResponseWriter, r *http.Request, v visit) {
	d, err := s.blankImport(r, v)
	if err != nil {
		s.fail(w, r, v, err)
		return
	}
	if ref, err := act.ParseRef(r.URL.Query().Get("element")); err == nil {
		d.Element = ref
	}
	s.showImport(w, r, v, d, http.StatusOK)
}

// blankImport is the form, for who may enter observations.
func (s *Server) blankImport(r *http.Request, v visit) (readingsImport, error) {
	d := readingsImport{Step: stepFile, Watched: []plan.Item{}, sc: s.scene(r, v)}
	if !d.sc.may(act.MayRemark) {
		return d, &chancery.Refused{Rule: "powers", Sentence: orElse(d.sc.held, locale.T(r.Context(), "act.nopowers"))}
	}
	v.group.View(func(p *plan.State) {
		for _, e := range p.Agreements() {
			if row, ok := p.Row(e.Ref()); ok && e.Status() != plan.Withdrawn && e.Status() != plan.Removed {
				d.Watched = append(d.Watched, row.Item)
			}
		}
	})
	return d, nil
}

func (s *Server) showImport(w http.ResponseWriter, r *http.Request, v visit, d readingsImport, status int) {
	s.showAs(w, r, v, status, d, func(f ui.Frame) templ.Component { return readingsImportView(f, d) })
}

// readingsForm goes from one step to the next.
func (s *Server) readingsForm(w http.ResponseWriter, r *http.Request, v visit) {
	if err := r.ParseMultipartForm(maxForm); err != nil && !errors.Is(err, http.ErrNotMultipart) {
		s.fail(w, r, v, err)
		return
	}
	d, err := s.blankImport(r, v)
	if err != nil {
		s.fail(w, r, v, err)
		return
	}
	d.Element, _ = act.ParseRef(r.PostFormValue("element"))
	ask, ok := s.importAsked(r, v, &d)
	if !ok {
		s.showImport(w, r, v, d, http.StatusUnprocessableEntity)
		return
	}
	switch do := r.PostFormValue("do"); do {
	case "save":
		s.saveMapping(w, ask, d)
		return
	case "apply", "leave-out":
		ask.Apply, ask.LeaveOut = true, do == "leave-out"
		s.applyImport(w, r, v, d, ask)
		return
	default:
		s.readImport(r, v, &d, ask, do)
	}
	if d.token == "" && d.Step != stepFile {
		d.token = s.parcels.keep(v.who.Person, ask.File, s.now())
	}
	status := http.StatusOK
	if len(d.problems) > 0 {
		status = http.StatusUnprocessableEntity
	}
	s.showImport(w, r, v, d, status)
}

// peek gives what is held and goes on holding it.
func (p *parcels) peek(token string, who party.Person, now time.Time) ([]byte, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	x, ok := p.held[token]
	if !ok || x.who != who || now.Sub(x.at) > parcelLife {
		return nil, false
	}
	x.at = now
	p.held[token] = x
	return x.file, true
}

// importAsked takes the file, that which was chosen or the one that is held, and what the form says of it.
func (s *Server) importAsked(r *http.Request, v visit, d *readingsImport) (ask api.AskReadingImport, ok bool) {
	p := locale.From(r.Context())
	var file []byte
	if token := r.PostFormValue("token"); token != "" {
		d.FileName = r.PostFormValue("name")
		if file, ok = s.parcels.peek(token, v.who.Person, s.now()); !ok {
			d.problems = []ui.Problem{{Field: "file", Words: p.T("import.gone")}}
			return ask, false
		}
		d.token = token
	} else {
		var wrong *ui.Problem
		if file, d.FileName, wrong = fileOf(r, "file", p.T("import.missing")); wrong != nil {
			d.problems = append(d.problems, *wrong)
		}
		if d.Element == "" {
			d.problems = append(d.problems, ui.Problem{Field: "element", Words: p.T("import.element.missing")})
		}
	}
	ask = api.AskReadingImport{Element: string(d.Element), File: file, Name: d.FileName, Sheet: r.PostFormValue("sheet")}
	if r.PostForm.Has("mapped") || r.PostFormValue("do") == "apply" || r.PostFormValue("do") == "leave-out" {
		if m, is := mappingTyped(r, d); is {
			ask.Mapping = &m
		}
		ask.Targets = r.PostFormValue("targets") != ""
	} else if b, _, _ := fileOf(r, "saved", ""); len(b) > 0 {
		m, err := readings.ParseMapping(b)
		if ask.Mapping, ask.Fit = &m, true; err != nil {
			d.problems = append(d.problems, ui.Problem{Field: "saved", Words: p.F("import.saved.wrong", locale.Args{"Why": err.Error()})})
		}
	}
	return ask, len(d.problems) == 0
}

// fileOf is a file that was chosen.
func fileOf(r *http.Request, name, missing string) ([]byte, string, *ui.Problem) {
	f, h, err := r.FormFile(name)
	if err != nil {
		return nil, "", &ui.Problem{Field: name, Words: missing}
	}
	defer func() { _ = f.Close() }()
	b, err := io.ReadAll(f)
	if err != nil || len(b) == 0 {
		return nil, "", &ui.Problem{Field: name, Words: missing}
	}
	return b, text.Clean(h.Filename), nil
}

// readImport reads the file and says what would come of it: its columns first, and what they hold, then
// the preview.
func (s *Server) readImport(r *http.Request, v visit, d *readingsImport, ask api.AskReadingImport, do string) {
	if do == "head" { // another sheet, or another head: what the columns hold is suggested anew
		ask.Mapping = suggestAt(ask)
	}
	var out api.ReadingImport
	end, err := s.imports.begin(r.Context(), v.who.Person)
	if err == nil {
		defer end()
		out, err = s.monitorDesk().ImportReadings(r.Context(), v.group, v.who, ask, nil)
	}
	if err != nil {
		d.problems = append(d.problems, ui.Problem{Field: "file", Words: s.faultOf(r, err).Message})
		if ask.Mapping != nil {
			d.Step, d.Mapping = stepMapping, ask.Mapping
			d.look(ask)
		}
		return
	}
	d.Import, d.Mapping = &out, out.Mapping
	switch {
	case out.Mapping == nil: // a file whose form says what its parts hold
		d.Step = stepPreview
	case do != "preview" || out.Problem != "":
		d.Step = stepMapping
		if do == "preview" {
			d.problems = append(d.problems, ui.Problem{Field: "field-0", Words: locale.F(r.Context(), "import.problem", locale.Args{"Why": out.Problem})})
		}
		d.look(ask)
	default:
		d.Step = stepPreview
	}
}
