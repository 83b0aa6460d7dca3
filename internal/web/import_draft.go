package web

import (
	"cmp"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"entente/act"
	"entente/internal/api"
	"entente/internal/chancery"
	"entente/internal/web/locale"
	"entente/internal/web/ui"
	"entente/text"
)

// draftImport is the page on which a draft that was written elsewhere is read, and then sent or left.
type draftImport struct {
	Import *api.Import `json:"import,omitempty"`

	sc       scene
	ask      api.AskImport
	first    string // as typed
	chairs   bool   // the person may offer a text that no party holds
	token    string // of the draft, held for a while
	problems []ui.Problem
}

// shownProblems is how many of the places that were not understood are shown.
const shownProblems = 100

// draftPage asks for a draft.
func (s *Server) draftPage(w http.ResponseWriter, r *http.Request, v visit) {
	d, err := s.blankDraft(r, v)
	if err != nil {
		s.fail(w, r, v, err)
		return
	}
	s.showDraft(w, r, v, d, http.StatusOK)
}

// blankDraft is the form, for who may propose.
func (s *Server) blankDraft(r *http.Request, v visit) (draftImport, error) {
	d := draftImport{sc: s.scene(r, v)}
	d.chairs = d.sc.charter.ChairedBy(d.sc.code(), v.who.Person)
	d.ask.Own, d.ask.Lang = !d.chairs, string(d.sc.reading())
	if !d.sc.may(act.MayPropose) {
		return d, &chancery.Refused{Rule: "powers", Sentence: cmp.Or(d.sc.held, locale.T(r.Context(), "act.nopropose"))}
	}
	return d, nil
}

func (s *Server) showDraft(w http.ResponseWriter, r *http.Request, v visit, d draftImport, status int) {
	s.showAs(w, r, v, status, d, func(f ui.Frame) templ.Component { return draftImportView(f, d) })
}

// draftForm reads a draft and says what was understood; or sends one that was read.
func (s *Server) draftForm(w http.ResponseWriter, r *http.Request, v visit) {
	d, err := s.blankDraft(r, v)
	if err == nil {
		err = d.typed(r)
	}
	if err != nil {
		s.fail(w, r, v, err)
		return
	}
	if r.PostFormValue("do") == "send" {
		s.sendDraft(w, r, v, d)
		return
	}
	if strings.TrimSpace(d.ask.Text) == "" {
		d.problems = append(d.problems, ui.Problem{Field: d.firstField(), Words: locale.T(r.Context(), "draft.missing")})
	}
	if len(d.problems) == 0 {
		out, err := api.ReadImport(v.group, d.ask)
		switch err := draftFault(r, err); {
		case err != "":
			d.problems = []ui.Problem{{Field: d.firstField(), Words: err}}
		default:
			d.read(s, v, out)
		}
	}
	status := http.StatusOK
	if len(d.problems) > 0 {
		status = http.StatusUnprocessableEntity
	}
	s.showDraft(w, r, v, d, status)
}

// read takes over what was read, and holds the draft until it is sent.
func (d *draftImport) read(s *Server, v visit, out api.Import) {
	d.Import, d.ask.First = &out, out.First
	held, _ := json.Marshal(d.ask) // strings and numbers alone
	d.token = s.parcels.keep(v.who.Person, held, s.now())
}

// typed takes what was typed or chosen.
func (d *draftImport) typed(r *http.Request) error {
	if err := r.ParseMultipartForm(maxForm); err != nil && !errors.Is(err, http.ErrNotMultipart) {
		return err
	}
	get := func(name string) string { return strings.TrimSpace(r.PostFormValue(name)) }
	d.ask = api.AskImport{Source: text.Clean(get("source")), Own: get("as") != chairText}
	for _, l := range d.sc.langs() {
		words, err := draftIn(r, string(l))
		switch {
		case err != nil:
			return err
		case strings.TrimSpace(words) == "":
		case d.ask.Text == "":
			d.ask.Text, d.ask.Lang = words, string(l)
		default:
			d.ask.With = append(d.ask.With, api.AskVersion{Lang: string(l), Text: words})
		}
	}
	if d.first = get("first"); d.first != "" {
		n, err := strconv.Atoi(d.first)
		if d.ask.First = n; err != nil || n < 1 {
			d.problems = append(d.problems, ui.Problem{Field: "first", Words: locale.T(r.Context(), "draft.first.wrong")})
		}
	}
	return nil
}

// draftIn is the draft in one language: the file that was chosen, or what was pasted.
func draftIn(r *http.Request, lang string) (string, error) {
	f, _, err := r.FormFile("file-" + lang)
	switch {
	case errors.Is(err, http.ErrMissingFile) || errors.Is(err, http.ErrNotMultipart):
		return r.PostFormValue("text-" + lang), nil
	case err != nil:
		return "", err
	}
	defer func() { _ = f.Close() }()
	b, err := io.ReadAll(f)
	if len(b) == 0 {
		return r.PostFormValue("text-" + lang), err
	}
	return string(b), err
}

func (d draftImport) firstField() string { return "text-" + string(d.sc.langs()[0]) }

// pasted is the draft in one language, as it was given.
func (d draftImport) pasted(lang string) string {
	if d.ask.Lang == lang {
		return d.ask.Text
	}
	for _, v := range d.ask.With {
		if v.Lang == lang {
			return v.Text
		}
	}
	return ""
}

// draftFault is why a draft was not read or sent, as a sentence; "" where it was.
func draftFault(r *http.Request, err error) string {
	if err == nil {
		return ""
	}
	if list, ok := problemAt(r.Context(), err, nil); ok {
		return list[0].Words
	}
	return err.Error()
}

// sendDraft tables a draft that was read. Where that breaks off it can be sent again: nothing is tabled
// twice.
func (s *Server) sendDraft(w http.ResponseWriter, r *http.Request, v visit, d draftImport) {
	held, there := s.parcels.take(r.PostFormValue("token"), v.who.Person, s.now())
	if d.ask = (api.AskImport{}); !there || json.Unmarshal(held, &d.ask) != nil {
		d.problems = []ui.Problem{{Field: d.firstField(), Words: locale.T(r.Context(), "draft.gone")}}
		s.showDraft(w, r, v, d, http.StatusUnprocessableEntity)
		return
	}
	out, err := s.marginDesk().Import(r.Context(), v.group, v.who, d.ask, nil)
	if err == nil {
		goTo(w, r, d.sc.base+"/doc?told=drafted&at="+string(out.Root)+"#"+string(out.Root))
		return
	}
	var refused *chancery.Refused
	var kept *chancery.HeldBack
	if !errors.As(err, &refused) && !errors.As(err, &kept) {
		s.log.Error("a draft was not sent whole", "group", v.group.Handle(), "err", err)
	}
	f := s.faultOf(r, err)
	d.problems = []ui.Problem{{Words: f.Message}}
	if again, err := api.ReadImport(v.group, d.ask); err == nil {
		d.read(s, v, again)
	}
	s.showDraft(w, r, v, d, f.status)
}
