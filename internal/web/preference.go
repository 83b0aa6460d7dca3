package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"

	"entente/internal/chancery"
	"entente/internal/web/locale"
)

// What a reader has chosen stands in a cookie of the browser: it says nothing about anybody, and
// pages without a sign-in know it too.
const preferenceCookie = "entente-look"

type preference struct{ language, theme, density, keys, group string }

func preferences(r *http.Request) preference {
	c, err := r.Cookie(preferenceCookie)
	if err != nil || len(c.Value) > 200 {
		return preference{}
	}
	q, err := url.ParseQuery(c.Value)
	if err != nil {
		return preference{}
	}
	p := preference{language: q.Get("l"), theme: q.Get("t"), density: q.Get("d"), keys: q.Get("k"), group: q.Get("g")}
	if !slices.Contains([]string{"", "light", "dark"}, p.theme) {
		p.theme = ""
	}
	return p
}

func (s *Server) setPreferences(w http.ResponseWriter, p preference) {
	q := url.Values{}
	for k, v := range map[string]string{"l": p.language, "t": p.theme, "d": p.density, "k": p.keys, "g": p.group} {
		if v != "" {
			q.Set(k, v)
		}
	}
	http.SetCookie(w, &http.Cookie{Name: preferenceCookie, Value: q.Encode(), Path: "/", HttpOnly: true, Secure: s.secure,
		SameSite: http.SameSiteLaxMode, MaxAge: 365 * 24 * 3600})
}

// preferencesForm takes one choice and goes back to where it was made.
func (s *Server) preferencesForm(w http.ResponseWriter, r *http.Request) {
	p := preferences(r)
	if l := r.FormValue("language"); s.book.Has(l) {
		p.language = l
	}
	switch t := r.FormValue("theme"); t {
	case "light", "dark":
		p.theme = t
	case "system":
		p.theme = ""
	}
	if d := r.FormValue("density"); d == "compact" || d == "comfortable" {
		p.density = d
	}
	if k := r.FormValue("keys"); k == "on" || k == "off" {
		p.keys = k
	}
	s.setPreferences(w, p)
	goTo(w, r, r.FormValue("return"))
}

// speaking puts the reader's language and the capitals' zones into the request.
func (s *Server) speaking(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		tag := preferences(r).language
		if !s.book.Has(tag) {
			tag = s.book.Match(r.Header.Get("Accept-Language"))
		}
		ctx := locale.With(r.Context(), s.book.Printer(tag, s.now(), s.zones(r.Context())...))
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

// zones are the capitals of this party and of its counterparts in the first group, its own first.
func (s *Server) zones(context.Context) []locale.Zone {
	var out []locale.Zone
	for _, g := range s.chancery.Groups() {
		out = capitals(g)
		break
	}
	if len(out) == 0 {
		out = append(out, locale.UTC())
	}
	return out
}

// maxCapitals is how many capitals' times stand side by side.
const maxCapitals = 2

func capitals(g *chancery.Group) []locale.Zone {
	parties := g.Charter().Parties
	order := []int{int(g.Self())}
	for i := range parties {
		if i != int(g.Self()) {
			order = append(order, i)
		}
	}
	var out []locale.Zone
	for _, i := range order {
		z, err := locale.ZoneOf(parties[i].Zone)
		if err == nil && len(out) < maxCapitals && !slices.ContainsFunc(out, func(o locale.Zone) bool { return o.City == z.City }) {
			out = append(out, z)
		}
	}
	return out
}
