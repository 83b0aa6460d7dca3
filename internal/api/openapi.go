package api

import (
	"encoding/json"
	"net/http"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// DescriptionPath is where the description of the API is, for anybody: it is the same at every
// server of this version.
const DescriptionPath = "/v1/openapi.json"

// A described is a description in OpenAPI 3.1 (https://spec.openapis.org/oas/v3.1.1.html).
type described struct {
	OpenAPI    string                          `json:"openapi"`
	Info       map[string]string               `json:"info"`
	Security   []map[string][]string           `json:"security"`
	Paths      map[string]map[string]operation `json:"paths"`
	Components components                      `json:"components"`
}

type components struct {
	Schemas         map[string]*schema           `json:"schemas"`
	SecuritySchemes map[string]map[string]string `json:"securitySchemes"`
}

// An operation is one route. Where one is closed to tokens, x-entente-door says so.
type operation struct {
	OperationID string                 `json:"operationId"`
	Summary     string                 `json:"summary"`
	Door        string                 `json:"x-entente-door"` // socket, read, write or anyone
	Security    *[]map[string][]string `json:"security,omitempty"`
	Parameters  []parameter            `json:"parameters,omitempty"`
	Body        *requestBody           `json:"requestBody,omitempty"`
	Responses   map[string]response    `json:"responses"`
}

type parameter struct {
	Name        string  `json:"name"`
	In          string  `json:"in"`
	Description string  `json:"description,omitempty"`
	Required    bool    `json:"required,omitempty"`
	Schema      *schema `json:"schema"`
}

type requestBody struct {
	Required bool             `json:"required"`
	Content  map[string]media `json:"content"`
}

type response struct {
	Description string           `json:"description"`
	Content     map[string]media `json:"content,omitempty"`
}

type media struct {
	Schema *schema `json:"schema"`
}

// pathNames say what stands in an address.
var pathNames = map[string]string{
	"g": "a group, by the number that it has on this server", "ref": "an element's reference, as in A-1.1.2",
	"id": "a person, a token or an invitation, by its id", "code": "a party's code", "key": "a security key, by its id", "n": "a number",
}

// The errors by their status; every answer that is none of its own has the same form.
var faults = map[string]string{
	"400": "bad-request: the request cannot be read", "401": "no-token: no token that stands", "403": "held-back by its marking, or past the token's scope",
	"404": "withheld: there is nothing here by that name", "409": "moved: it has changed since it was read", "413": "bad-request: too long",
	"422": "refused: a rule forbids it", "429": "too-fast: more often than a token may ask", "500": "failed", "502": "broken: something signed does not hold",
	"503": "closed: this server may not write there",
}

// describe makes the description from the table of routes.
func (s *Server) describe() []byte {
	m := newModeler()
	d := described{OpenAPI: "3.1.0", Paths: map[string]map[string]operation{}, Security: []map[string][]string{{"token": {}}},
		Info: map[string]string{"title": "Entente", "version": "1", "summary": "One joint plan between parties that each run their own server.",
			"description": "What is read and done in groups, for programs with a token. Names that are not described are refused in requests; in answers, names may be added within this version."}}
	for _, t := range s.table {
		path := d.Paths[t.path]
		if path == nil {
			path = map[string]operation{}
			d.Paths[t.path] = path
		}
		path[strings.ToLower(t.method)] = m.operation(t)
	}
	d.Components = components{Schemas: m.named, SecuritySchemes: map[string]map[string]string{"token": {"type": "http", "scheme": "bearer",
		"description": "A token that an administrator issues: entente token issue"}}}
	b, err := json.Marshal(d)
	if err != nil {
		panic("api: the description is plain data: " + err.Error())
	}
	return b
}

func (s *Server) description(*http.Request, visit, none) (json.RawMessage, error) { return s.told, nil }

var pathName = regexp.MustCompile(`\{([a-z]+)\}`)

func (m *modeler) operation(t route) operation {
	o := operation{OperationID: operationID(t), Summary: t.summary, Door: [...]string{"socket", "read", "write", "anyone"}[t.open], Responses: map[string]response{}}
	if t.open == anyone {
		o.Security = &[]map[string][]string{}
	}
	for _, name := range pathName.FindAllStringSubmatch(t.path, -1) {
		o.Parameters = append(o.Parameters, parameter{Name: name[1], In: "path", Description: pathNames[name[1]], Required: true, Schema: &schema{Type: "string"}})
	}
	if t.method == http.MethodPost {
		o.Body = &requestBody{Required: t.ask != reflect.TypeFor[none](), Content: map[string]media{"application/json": {m.of(t.ask, true)}}}
	} else {
		eachField(t.ask, func(f reflect.StructField) {
			o.Parameters = append(o.Parameters, parameter{Name: jsonName(f), In: "query", Description: f.Tag.Get("doc"), Required: !optional(f), Schema: m.of(f.Type, true)})
		})
	}
	kind, answer := "application/json", m.of(t.answer, false)
	if t.media != "" {
		kind, answer = t.media, &schema{Type: "string", Format: "binary"}
	}
	o.Responses["200"] = response{"Done.", map[string]media{kind: {answer}}}
	for status, why := range faults {
		o.Responses[status] = response{why, map[string]media{"application/json": {m.of(reflect.TypeFor[faultAnswer](), false)}}}
	}
	return o
}

// operationID names a route for generators of clients: “get_g_e_diff”.
func operationID(t route) string {
	words := []string{strings.ToLower(t.method)}
	for _, w := range strings.Split(strings.TrimPrefix(t.path, "/v1/"), "/") {
		words = append(words, strings.Trim(strings.ReplaceAll(w, ".", "_"), "{}"))
	}
	return strings.Join(words, "_")
}

// A faultAnswer is the form of every error.
type faultAnswer struct {
	Error *Fault `json:"error"`
}

// A schema is what is used here of JSON Schema 2020-12.
type schema struct {
	Ref         string             `json:"$ref,omitempty"`
	Type        any                `json:"type,omitempty"` // a name, or a list of names
	Format      string             `json:"format,omitempty"`
	Description string             `json:"description,omitempty"`
	Encoding    string             `json:"contentEncoding,omitempty"`
	Minimum     *int               `json:"minimum,omitempty"`
	Items       *schema            `json:"items,omitempty"`
	Properties  map[string]*schema `json:"properties,omitempty"`
	Required    []string           `json:"required,omitempty"`
	More        any                `json:"additionalProperties,omitempty"` // a schema, or false
	AnyOf       []*schema          `json:"anyOf,omitempty"`
}

// A modeler makes schemas of types. Structs with a name are described once, under their name.
type modeler struct {
	named map[string]*schema
	types map[string]reflect.Type
}

func newModeler() *modeler {
	return &modeler{named: map[string]*schema{}, types: map[string]reflect.Type{}}
}

// of describes a type; a strict one has no names but those described.
func (m *modeler) of(t reflect.Type, strict bool) *schema {
	switch {
	case t == reflect.TypeFor[json.RawMessage]():
		return &schema{Type: "object"}
	case t.PkgPath() == "time" && t.Name() == "Time":
		return &schema{Type: "string", Format: "date-time"}
	case t.Kind() != reflect.Pointer && t.Implements(marshalsText):
		return &schema{Type: "string"}
	case t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Uint8:
		return &schema{Type: []string{"string", "null"}, Encoding: "base64"}
	}
	switch t.Kind() {
	case reflect.String:
		return &schema{Type: "string"}
	case reflect.Bool:
		return &schema{Type: "boolean"}
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return &schema{Type: "integer"}
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return &schema{Type: "integer", Minimum: new(int)}
	case reflect.Float32, reflect.Float64:
		return &schema{Type: "number"}
	case reflect.Slice:
		return &schema{Type: []string{"array", "null"}, Items: m.of(t.Elem(), strict)}
	case reflect.Array:
		return &schema{Type: "array", Items: m.of(t.Elem(), strict)}
	case reflect.Map:
		return &schema{Type: []string{"object", "null"}, More: m.of(t.Elem(), strict)}
	case reflect.Pointer:
		return &schema{AnyOf: []*schema{m.of(t.Elem(), strict), {Type: "null"}}}
	case reflect.Struct:
		return m.object(t, strict)
	}
	panic("api: " + t.String() + " has no form in JSON")
}

var marshalsText = reflect.TypeFor[interface{ MarshalText() ([]byte, error) }]()

// object describes a struct, and gives the place where that stands.
func (m *modeler) object(t reflect.Type, strict bool) *schema {
	if t.Name() == "" {
		return m.fields(t, strict)
	}
	name := m.nameOf(t, strict)
	if m.named[name] == nil {
		m.named[name] = &schema{} // it may hold itself
		*m.named[name] = *m.fields(t, strict)
	}
	return &schema{Ref: "#/components/schemas/" + name}
}

// nameOf is a name that no other type has: types of other rooms bear the room's name before theirs.
func (m *modeler) nameOf(t reflect.Type, strict bool) string {
	name := strings.TrimPrefix(t.String(), "api.")
	if strict {
		name += ".request"
	}
	for n := 2; m.types[name] != nil && m.types[name] != t; n++ {
		name += strconv.Itoa(n)
	}
	m.types[name] = t
	return name
}

func (m *modeler) fields(t reflect.Type, strict bool) *schema {
	out := &schema{Type: "object", Properties: map[string]*schema{}}
	if strict {
		out.More = false
	}
	eachField(t, func(f reflect.StructField) {
		field := m.of(f.Type, strict)
		if doc := f.Tag.Get("doc"); doc != "" && field.Ref == "" {
			field.Description = doc
		}
		out.Properties[jsonName(f)] = field
		if !optional(f) && !perhaps(t, f) && (!strict || f.Type.Kind() == reflect.String) {
			out.Required = append(out.Required, jsonName(f))
		}
	})
	slices.Sort(out.Required)
	return out
}

// optional reports whether a field may be left out.
func optional(f reflect.StructField) bool {
	_, how, _ := strings.Cut(f.Tag.Get("json"), ",")
	return strings.Contains(how, "omitempty") || strings.Contains(how, "omitzero")
}

// perhaps reports whether a field is one of an embedded struct that may be absent.
func perhaps(t reflect.Type, f reflect.StructField) bool {
	for i := 1; i < len(f.Index); i++ {
		if t.FieldByIndex(f.Index[:i]).Type.Kind() == reflect.Pointer {
			return true
		}
	}
	return false
}
