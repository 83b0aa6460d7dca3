package web

import (
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"entente/act"
	"entente/internal/api"
	"entente/internal/chancery"
	"entente/internal/web/locale"
	"entente/internal/web/ui"
	"entente/text"
)

// A holding is a text that the margin holds: what was found in it, and what can be done.
type holding struct {
	m     *besideData
	check api.MarginCheck
	Act   string // the act as it would be sent, as JSON
	words []heldText
	keeps bool // it can be kept as the element's draft

	reason   string
	released bool
	problems []ui.Problem
}

// A heldText is one of the texts that would leave.
type heldText struct {
	what string
	t    text.Texts
}

// heldBy says what holds an act that was not sent, to who wrote it; nil where something else was wrong.
func (s *Server) heldBy(r *http.Request, v visit, ref act.Ref, ask api.Ask, err error) *holding {
	var held *chancery.HeldBack
	if !errors.As(err, &held) || s.margin == nil {
		return nil
	}
	h, err := s.holding(r, v, ref, ask)
	if err != nil || h.check.Held == "" {
		return nil
	}
	return h
}

// holding looks at an act as the margin does.
func (s *Server) holding(r *http.Request, v visit, ref act.Ref, ask api.Ask) (*holding, error) {
	m, err := s.beside(r, v, ref)
	if err != nil {
		return nil, err
	}
	h := &holding{m: m, keeps: ask.Act == "counter" || ask.Act == "offer"}
	if h.check, err = s.marginDesk().Check(r.Context(), v.group, v.who, ref, api.AskDraft{Act: &ask}); err != nil {
		return nil, err
	}
	raw, err := json.Marshal(ask)
	h.Act = string(raw)
	for _, x := range []struct {
		what string
		w    api.Words
	}{{"title", ask.Title}, {"text", ask.Text}, {"source", ask.Source}} {
		if t, err := x.w.Texts(); err == nil && len(t) > 0 {
			h.words = append(h.words, heldText{x.what, t})
		}
	}
	return h, err
}

// releasePage shows the element's draft to who may let it go out although it is held.
func (s *Server) releasePage(w http.ResponseWriter, r *http.Request, v visit) {
	h, err := s.draftHeld(r, v)
	if err != nil {
		s.fail(w, r, v, err)
		return
	}
	s.show(w, r, v, h.check, func(f ui.Frame) templ.Component { return releaseView(f, h) })
}

// draftHeld is the element's draft as it would be sent.
func (s *Server) draftHeld(r *http.Request, v visit) (*holding, error) {
	ref, err := pathRef(r)
	if err != nil || s.margin == nil {
		return nil, chancery.ErrWithheld
	}
	m, err := s.beside(r, v, ref)
	if err != nil {
		return nil, err
	}
	if m.Draft == nil {
		return nil, &chancery.Refused{Rule: "draft", Sentence: locale.T(r.Context(), "release.nodraft")}
	}
	ask := api.Ask{Act: "counter", Element: string(ref), Title: api.Words{}, Text: api.Words{}}
	for _, t := range m.Draft.Title {
		ask.Title[string(t.Lang)] = t.Text
	}
	for _, t := range m.Draft.Words {
		ask.Text[string(t.Lang)] = t.Text
	}
	h, err := s.holding(r, v, ref, ask)
	if err != nil {
		return nil, err
	}
	h.Act = ""
	return h, nil
}

// releaseForm shows an act that was held, lets it out once, or sends it.
func (s *Server) releaseForm(w http.ResponseWriter, r *http.Request, v visit) {
	ref, err := pathRef(r)
	if err != nil || s.margin == nil {
		s.fail(w, r, v, chancery.ErrWithheld)
		return
	}
	var h *holding
	var ask *api.Ask
	if raw := r.PostFormValue("act"); raw != "" {
		ask = &api.Ask{}
		if err = json.Unmarshal([]byte(raw), ask); err != nil {
			s.fail(w, r, v, &chancery.Refused{Rule: "act", Sentence: locale.T(r.Context(), "release.unread")})
			return
		}
		h, err = s.holding(r, v, ref, *ask)
	} else {
		h, err = s.draftHeld(r, v)
	}
	if err != nil {
		s.fail(w, r, v, err)
		return
	}
	switch r.PostFormValue("do") {
	case "release":
		s.release(w, r, v, h, ask)
	case "send":
		if ask == nil {
			s.fail(w, r, v, chancery.ErrWithheld)
			return
		}
		if _, err := api.Send(r.Context(), v.group, v.who, *ask); err != nil {
			s.fail(w, r, v, err)
			return
		}
		goTo(w, r, h.m.sc.href(ref, "?told=sent"))
	case "keep":
		s.keepAsked(w, r, v, h, ask)
	default:
		s.show(w, r, v, h.check, func(f ui.Frame) templ.Component { return releaseView(f, h) })
	}
}

// release lets one exact text out once, for a reason that stays.
func (s *Server) release(w http.ResponseWriter, r *http.Request, v visit, h *holding, ask *api.Ask) {
	h.reason = strings.TrimSpace(text.Clean(r.PostFormValue("words")))
	if h.reason == "" {
		h.problems = []ui.Problem{{Field: "words", Words: locale.T(r.Context(), "release.why.missing")}}
	} else {
		why := api.Words{string(h.m.sc.lang): h.reason}
		_, err := s.marginDesk().Release(r.Context(), v.group, v.who, h.m.ref, api.AskDraft{Act: ask, Words: why})
		if err != nil {
			var ok bool
			if h.problems, ok = problemAt(r.Context(), err, nil); !ok {
				s.fail(w, r, v, err)
				return
			}
		}
	}
	if len(h.problems) > 0 {
		s.showAs(w, r, v, http.StatusUnprocessableEntity, h.check, func(f ui.Frame) templ.Component { return releaseView(f, h) })
		return
	}
	h.released = true
	s.show(w, r, v, h.check, func(f ui.Frame) templ.Component { return releaseView(f, h) })
}

// keepAsked keeps what was held as the element's draft, where an officer finds it, and says so in the
// margin.
func (s *Server) keepAsked(w http.ResponseWriter, r *http.Request, v visit, h *holding, ask *api.Ask) {
	if ask == nil || !h.keeps {
		s.fail(w, r, v, chancery.ErrWithheld)
		return
	}
	desk := s.marginDesk()
	if _, err := desk.Keep(r.Context(), v.group, v.who, h.m.ref, api.AskDraft{Act: ask}); err != nil {
		s.fail(w, r, v, err)
		return
	}
	if len(h.check.Hits) > 0 {
		note := api.AskMargin{Field: "note", Words: api.Words{string(h.m.sc.lang): locale.T(r.Context(), "release.note")}}
		if _, err := desk.Write(r.Context(), v.group, v.who, h.m.ref, note); err != nil {
			s.fail(w, r, v, err)
			return
		}
	}
	goTo(w, r, h.m.sc.href(h.m.ref, "?told=margin#margin"))
}

// weigh checks what is being typed against the margin, or the draft that is gone on with; not the text
// that the editor begins with, which is another's.
func (s *Server) weigh(r *http.Request, v visit, n *negotiation) {
	if n.margin == nil || n.form == nil || r.Method == http.MethodGet && r.URL.Query().Get("draft") == "" {
		return
	}
	ask, _ := n.asked(r.PostFormValue("do"))
	n.margin.check = s.checkTyped(r, v, n.Ref, ask)
}

// keepDraft keeps what was typed as the element's draft, for the delegation to see and to clear.
func (s *Server) keepDraft(w http.ResponseWriter, r *http.Request, v visit, n negotiation) {
	ask, _ := n.asked("")
	if _, err := s.marginDesk().Keep(r.Context(), v.group, v.who, n.Ref, api.AskDraft{Act: &ask}); err != nil {
		s.counterRefused(w, r, v, n, err)
		return
	}
	goTo(w, r, n.sc.href(n.Ref, "/negotiate?draft=1&told=margin#margin"))
}

// fromDraft puts the element's draft into the editor, where the address asks for it.
func (n *negotiation) fromDraft(r *http.Request) {
	if n.margin == nil || n.margin.Draft == nil || n.form == nil || r.URL.Query().Get("draft") == "" {
		return
	}
	for _, l := range n.form.langs {
		if s, ok := n.margin.Draft.Title.Get(l); ok {
			n.form.title[l] = s
		}
		if s, ok := n.margin.Draft.Words.Get(l); ok {
			n.form.text[l] = s
		}
	}
	n.preview = n.form.against(n.sc, n.base)
}

// officers are those who were named to release, by name.
func (h *holding) officers() (out []string) {
	for _, k := range h.m.Officers {
		if s := h.m.whose(k.Entry); !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

// page is the address of the release.
func (h *holding) page() string { return h.m.sc.href(h.m.ref, "/release") }
