package web

import (
	"context"
	"errors"
	"io"
	"net/http"

	"github.com/a-h/templ"

	"entente/internal/evidence"
	"entente/internal/web/locale"
	"entente/internal/web/ui"
	"entente/party"
	"entente/proof"
	"entente/text"
)

// maxVerifying is how many files are checked at once: anybody may ask, and it takes memory.
const maxVerifying = 2

// verifyData is the page Verify: a file, and what it proves.
type verifyData struct {
	Report  *proof.Report     `json:"report,omitempty"`
	Recount *evidence.Recount `json:"recount,omitempty"` // of a file about a verdict: the verdict, computed again
	File    string            `json:"file,omitempty"`    // its name, as the browser gives it
	Cards   int               `json:"cards"`             // cards of this server that the keys were compared with

	lang     text.Lang
	signedIn bool
	problems []ui.Problem
}

// verifyRoutes are for everybody: whoever holds a file may check it.
func (s *Server) verifyRoutes(m *http.ServeMux) {
	show := func(w http.ResponseWriter, r *http.Request) {
		v, d := s.verifier(r)
		s.show(w, r, v, d, func(f ui.Frame) templ.Component { return verifyView(f, d) })
	}
	m.HandleFunc("GET /verify", show)
	m.HandleFunc("GET /verify.json", show)
	busy := make(chan struct{}, maxVerifying)
	check := func(w http.ResponseWriter, r *http.Request) {
		select {
		case busy <- struct{}{}:
			defer func() { <-busy }()
			s.verifyForm(w, r)
		case <-r.Context().Done():
		}
	}
	m.HandleFunc("POST /verify", check)
	m.HandleFunc("POST /verify.json", check)
}

// verifier is who asks, if anybody has signed in.
func (s *Server) verifier(r *http.Request) (visit, verifyData) {
	v := visit{json: wantsJSON(r)}
	d := verifyData{lang: s.lang(r)}
	if who, err := s.session(r); err == nil {
		v.who, d.signedIn = who, true
	}
	return v, d
}

// verifyForm checks a file. It is read from the request, checked in memory, and forgotten.
func (s *Server) verifyForm(w http.ResponseWriter, r *http.Request) {
	v, d := s.verifier(r)
	file, name, err := incoming(r, "file")
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		s.fail(w, r, v, err)
		return
	case err != nil:
		d.problems = []ui.Problem{{Field: "file", Words: locale.T(r.Context(), "verify.nofile")}}
		s.showAs(w, r, v, http.StatusUnprocessableEntity, d, func(f ui.Frame) templ.Component { return verifyView(f, d) })
		return
	}
	defer func() { _ = file.Close() }()
	cards := s.knownCards(r.Context(), d.signedIn)
	report, again := evidence.ExamineWhere(file, s.ours, cards...)
	d.Report, d.Recount, d.File, d.Cards = &report, again, name, len(cards)
	s.show(w, r, v, d, func(f ui.Frame) templ.Component { return verifyView(f, d) })
}

// incoming takes the file of a form as it comes, part by part: nothing is put on a disk.
func incoming(r *http.Request, field string) (io.ReadCloser, string, error) {
	parts, err := r.MultipartReader()
	if err != nil {
		return nil, "", err
	}
	for {
		p, err := parts.NextPart()
		if err != nil {
			return nil, "", err
		}
		if p.FormName() == field && p.FileName() != "" {
			return p, p.FileName(), nil
		}
	}
}

// knownCards are what keys are compared with: this party's own card, which is public; for its own
// people, those of its counterparts too. To others it does not say whom it knows.
func (s *Server) knownCards(ctx context.Context, signedIn bool) []party.Card {
	out := []party.Card{s.chancery.Card()}
	if !signedIn {
		return out
	}
	list, err := s.chancery.Counterparts(ctx)
	if err != nil {
		s.log.Warn("the counterparts' cards could not be read", "err", err)
	}
	for _, o := range list {
		out = append(out, o.Card)
	}
	return out
}

// standing is how the answer is shown.
func (d verifyData) standing() ui.Standing {
	switch {
	case d.Report.Valid:
		return ui.Fine
	case d.Report.Failed == 0:
		return ui.Unclear
	}
	return ui.Failed
}

// answer is the first sentence. The report speaks English; in other languages the page says it.
func (d verifyData) answer(p *locale.Printer) string {
	if p.Tag() == locale.Model {
		return d.Report.Answer
	}
	if said := d.verdictAnswer(p); said != "" {
		return said
	}
	switch {
	case d.Report.Kind == proof.KindEvidence && d.Report.Valid:
		return p.T("verify.yes.evidence")
	case d.Report.Valid && d.Report.Document != nil:
		return p.T("verify.yes.document")
	case d.Report.Valid:
		return p.T("verify.yes.plan")
	case d.Report.Failed == 0:
		return p.T("verify.unclear")
	}
	return p.T("verify.no")
}

// tally says how many checks passed.
func (d verifyData) tally(p *locale.Printer) string {
	return p.F("verify.tally", locale.Args{"Passed": locale.Int(d.Report.Passed), "Failed": locale.Int(d.Report.Failed), "Skipped": locale.Int(d.Report.Skipped)})
}

// checkKey names what was checked, for languages that the report does not speak.
func checkKey(name string) locale.Key {
	switch name {
	case proof.CheckKeys:
		return "check.keys"
	case proof.CheckSignatures:
		return "check.signatures"
	case proof.CheckLogs:
		return "check.logs"
	case proof.CheckEpochs:
		return "check.epochs"
	case proof.CheckCosignatures:
		return "check.cosignatures"
	case proof.CheckRule:
		return "check.rule"
	case proof.CheckAdopted:
		return "check.adopted"
	case proof.CheckText:
		return "check.text"
	case proof.CheckPersons:
		return "check.persons"
	case proof.CheckLater:
		return "check.later"
	case proof.CheckFinding:
		return "check.finding"
	case proof.CheckFork:
		return "check.fork"
	}
	return "check.file"
}

// resultKey names a result.
func resultKey(r proof.Result) locale.Key {
	switch r {
	case proof.OK:
		return "verify.ok"
	case proof.Failed:
		return "verify.failed"
	}
	return "verify.skipped"
}

// party shows a party of the file.
func (d verifyData) party(code party.Code) ui.Party {
	for i, p := range d.Report.Parties {
		if p.Code == code {
			return ui.Party{Ordinal: i, Code: string(code), Name: p.Names.Best(d.lang).Text}
		}
	}
	return ui.Party{Ordinal: -1, Code: string(code), Name: string(code)}
}
