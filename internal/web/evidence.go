package web

import (
	"crypto/ed25519"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"entente/internal/api"
	"entente/internal/compliance"
	"entente/internal/web/locale"
	"entente/internal/web/ui"
	"entente/proof"
)

// evidenceRoutes are for what shows a verdict to strangers.
func (s *Server) evidenceRoutes(m *http.ServeMux) {
	busy := make(chan struct{}, maxVerifying)
	m.HandleFunc("GET /g/{g}/evidence/{ref}", s.inGroup(func(w http.ResponseWriter, r *http.Request, v visit) {
		select {
		case busy <- struct{}{}:
			defer func() { <-busy }()
			s.verdictFile(w, r, v)
		case <-r.Context().Done():
		}
	}))
}

// ours reports whether a file is of a group that this server's party is in, by its own key. A verdict is
// computed of no other: anybody may present a file here, and one of strangers brings rules and readings
// that nobody here agreed to or saw.
func (s *Server) ours(r proof.Report) bool {
	own := s.chancery.Card()
	return slices.ContainsFunc(r.Parties, func(p proof.Party) bool {
		return p.Compared && p.Code == own.Code && own.Signing.Equal(ed25519.PublicKey(p.Signing))
	})
}

// verdictFile gives the verdict on an obligation with everything that it follows from, for a stranger
// to compute again. The address says of which moment, as that of the obligation's page does.
func (s *Server) verdictFile(w http.ResponseWriter, r *http.Request, v visit) {
	ref, err := pathRef(r)
	if err != nil {
		s.fail(w, r, v, err)
		return
	}
	f, err := api.EvidenceFile(r.Context(), s.chancery, v.group, ref, momentAskOf(r))
	if err != nil {
		s.fail(w, r, v, err)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "application/octet-stream")
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Disposition", fmt.Sprintf(`attachment; filename="%s-%s.entente"`, ref, f.Claim.On))
	if err := proof.Write(w, f); err != nil {
		s.log.Warn("an evidence file could not be written", "err", err)
	}
}

// verdictAnswer is the first sentence about a file that says a verdict; empty for other files.
func (d verifyData) verdictAnswer(p *locale.Printer) string {
	c := d.Report.Claim
	switch {
	case c == nil || c.Here == nil:
		return ""
	case d.Report.Valid:
		return p.T("verify.yes.verdict")
	}
	return p.T("verify.no.verdict")
}

// claimMoment says of which day a claim is, and what counts in it.
func claimMoment(p *locale.Printer, c proof.Claim) string {
	args := locale.Args{"Day": fullDay(p, string(c.On)), "By": fullDay(p, string(c.By))}
	switch c.Known {
	case proof.KnownEntered:
		return p.F("verify.moment.entered", args)
	case proof.KnownReported:
		return p.F("verify.moment.reported", args)
	}
	return p.F("verify.moment.now", args)
}

// claimWhy is why the verdict is what it is, as it comes out here.
func (d verifyData) claimWhy() compliance.Sentence {
	o := d.Recount.Obligation
	if o.Headline.IsZero() {
		return o.Because
	}
	return o.Headline
}

// sameness shows whether what was computed is what the file says.
func (d verifyData) sameness() (ui.Icon, locale.Key) {
	if d.Recount.Same {
		return ui.IconOk, "verify.same"
	}
	return ui.IconBad, "verify.notsame"
}

// evidenceAt is where an obligation's evidence file is, of the moment that its page is of.
func (d obligationData) evidenceAt() string {
	path := d.sc.base + "/evidence/" + string(d.Ref)
	var q []string
	for _, k := range momentQuery(d.ask) {
		q = append(q, k[0]+"="+k[1])
	}
	if len(q) == 0 {
		return path
	}
	return path + "?" + strings.Join(q, "&")
}
