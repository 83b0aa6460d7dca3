package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"entente/internal/chancery"
)

// A route is one thing that the API answers. The routes are the one table from which both what is
// answered and its description are made: the types of the request and of the answer are those that
// the deed takes and gives.
type route struct {
	method, path string
	summary      string
	open         access
	ask, answer  reflect.Type
	media        string // of an answer that is not JSON
}

// An access says with what a route is open. What says nothing is open to nobody elsewhere.
type access uint8

const (
	atHome access = iota // on the data folder's own socket; with no token
	reads                // and with any token
	writes               // and with a token that may write
	anyone               // and without a token
)

// allows reports whether a token of a scope opens the route.
func (a access) allows(s chancery.Scope) bool {
	return a == reads || a == anyone || a == writes && s == chancery.Writes
}

// A deed answers a request with a value to write as JSON, or with an error. The query of a GET and
// the body of a POST are read strictly into its ask.
type deed[A, B any] func(r *http.Request, v visit, ask A) (B, error)

// none is an ask or an answer without anything in it.
type none struct{}

// do enters a deed.
func do[A, B any](s *Server, pattern string, open access, summary string, d deed[A, B]) {
	enter(s, pattern, open, summary, func(_ *http.Request, v visit) (visit, error) { return v, nil }, d)
}

// in enters a deed about a group. To who may not see the group it does not exist.
func in[A, B any](s *Server, pattern string, open access, summary string, d deed[A, B]) {
	enter(s, pattern, open, summary, s.inGroup, d)
}

func (s *Server) inGroup(r *http.Request, v visit) (visit, error) {
	g, ok := s.Chancery.Group(r.PathValue("g"))
	if !ok || !v.sees(g) {
		return v, chancery.ErrWithheld
	}
	v.group = g
	return v, nil
}

func enter[A, B any](s *Server, pattern string, open access, summary string, place func(*http.Request, visit) (visit, error), d deed[A, B]) {
	t := route{summary: summary, open: open, ask: reflect.TypeFor[A](), answer: reflect.TypeFor[B]()}
	t.method, t.path, _ = strings.Cut(pattern, " ")
	var none B
	if file, ok := any(none).(answerFile); ok {
		t.media, _, _ = strings.Cut(file.media(), ";")
	}
	s.table = append(s.table, t)
	s.mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
		out, err := carry(s, r, t, place, d)
		if err != nil {
			s.fail(w, r, err)
			return
		}
		if file, ok := any(out).(answerFile); ok {
			s.writeFile(w, file.media(), reflect.ValueOf(out).Bytes())
			return
		}
		s.write(w, http.StatusOK, out)
	})
}

// carry carries out one request: who asks, whether that is open to them, where, what, and then the deed.
func carry[A, B any](s *Server, r *http.Request, t route, place func(*http.Request, visit) (visit, error), d deed[A, B]) (out B, err error) {
	v, err := s.visit(r)
	if err != nil {
		return out, err
	}
	if v.grant != nil && !t.open.allows(v.grant.Scope) {
		return out, beyond(t.open)
	}
	if v, err = place(r, v); err != nil {
		return out, err
	}
	var ask A
	if r.Method == http.MethodPost {
		err = read(r, &ask)
	} else {
		err = readQuery(r.URL.Query(), &ask)
	}
	if err != nil {
		return out, err
	}
	return d(r, v, ask)
}

// beyond says what a token does not open.
func beyond(open access) error {
	f := &Fault{Kind: "refused", Rule: "scope", Exit: ExitFailed, Status: http.StatusForbidden,
		Message: "This is done on the server's own machine, or on its pages; no token opens it. Nothing was done."}
	if open == writes {
		f.Message = "This token may read and not write. Nothing was done. Ask an administrator for one that may: entente token issue --write"
	}
	return f
}

// read reads the body of a request strictly into v. Where nothing is asked for the body may be empty.
func read(r *http.Request, v any) error {
	d := json.NewDecoder(r.Body)
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		var large *http.MaxBytesError
		if errors.As(err, &large) {
			return err
		}
		if _, nothing := v.(*none); nothing && err == io.EOF {
			return nil
		}
		return badRequest("The request cannot be read: %s. Nothing was done.", strings.TrimPrefix(err.Error(), "json: "))
	}
	if _, err := d.Token(); err != io.EOF {
		return badRequest("There is more after the end of the request. Nothing was done.")
	}
	return nil
}

// readQuery reads a query strictly into a struct: its fields are words, numbers, yes or no, or lists
// of words; a name that is none of them is refused.
func readQuery(q url.Values, into any) error {
	to := reflect.ValueOf(into).Elem()
	known := map[string]reflect.Value{}
	var names []string
	eachField(to.Type(), func(f reflect.StructField) {
		name := jsonName(f)
		known[name], names = to.FieldByIndex(f.Index), append(names, name)
	})
	for name, values := range q {
		field, ok := known[name]
		if !ok {
			return badRequest("%.40q is nothing that can be asked for here%s. Nothing was done.", name, oneOf(names))
		}
		if err := setQuery(field, name, values); err != nil {
			return err
		}
	}
	return nil
}

func oneOf(names []string) string {
	if len(names) == 0 {
		return ""
	}
	return "; there is: " + strings.Join(names, ", ")
}

func setQuery(field reflect.Value, name string, values []string) error {
	if field.Kind() == reflect.Slice {
		field.Set(reflect.ValueOf(values))
		return nil
	}
	if len(values) > 1 {
		return badRequest("%s is given twice. Nothing was done.", name)
	}
	value := values[0]
	if value == "" {
		return nil
	}
	switch field.Kind() {
	case reflect.Int:
		n, err := strconv.Atoi(value)
		if err != nil || n < 0 {
			return badRequest("%.20q is no number for %s.", value, name)
		}
		field.SetInt(int64(n))
	case reflect.Bool:
		yes, err := strconv.ParseBool(value)
		if err != nil {
			return badRequest("%.20q is neither true nor false for %s.", value, name)
		}
		field.SetBool(yes)
	default:
		field.SetString(value)
	}
	return nil
}

// eachField visits the fields of a struct that stand in its JSON, those of embedded structs as if they
// were its own: of two with one name there, the one that is less deep.
func eachField(t reflect.Type, visit func(reflect.StructField)) {
	fields := jsonFields(t, nil)
	depth := map[string]int{}
	for _, f := range fields {
		if d, here := depth[jsonName(f)]; !here || len(f.Index) < d {
			depth[jsonName(f)] = len(f.Index)
		}
	}
	for _, f := range fields {
		if len(f.Index) == depth[jsonName(f)] {
			visit(f)
		}
	}
}

// jsonFields lists the fields of a struct and of those embedded in it, each with its index from the top.
func jsonFields(t reflect.Type, at []int) (out []reflect.StructField) {
	for i := range t.NumField() {
		f := t.Field(i)
		f.Index = append(slices.Clone(at), i)
		inner := f.Type
		if inner.Kind() == reflect.Pointer {
			inner = inner.Elem()
		}
		switch {
		case f.Anonymous && jsonName(f) == f.Name && inner.Kind() == reflect.Struct:
			out = append(out, jsonFields(inner, f.Index)...)
		case f.IsExported() && f.Tag.Get("json") != "-":
			out = append(out, f)
		}
	}
	return out
}

// jsonName is the name of a field in JSON.
func jsonName(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	if name == "" {
		return f.Name
	}
	return name
}

// An answerFile is an answer that is no JSON: bytes of a kind.
type answerFile interface{ media() string }

// A rawFile is a proof.
type rawFile []byte

func (rawFile) media() string { return "application/vnd.entente.proof" }

func (s *Server) writeFile(w http.ResponseWriter, media string, file []byte) {
	w.Header().Set("Content-Type", media)
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	if _, err := bytes.NewReader(file).WriteTo(w); err != nil {
		s.Log.Warn("an answer could not be written", "err", err)
	}
}
