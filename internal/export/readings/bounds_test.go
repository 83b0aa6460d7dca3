package readings

import "testing"

// TestAMappingIsBounded: a mapping that would hold every row against conditions without end is refused,
// by whatever door it came.
func TestAMappingIsBounded(t *testing.T) {
	m := Mapping{Version: mappingVersion, Columns: []Use{{Column: "A", Field: AsOf}, {Column: "B", Field: Value, Quantity: "q", Unit: "t"}}}
	for range MaxWhere {
		m.Where = append(m.Where, Condition{Column: "A", Is: []string{"2017-01-01"}})
	}
	if err := m.Check(); err != nil {
		t.Errorf("%d conditions: %v", len(m.Where), err)
	}
	if m.Where = append(m.Where, Condition{Column: "A"}); m.Check() == nil {
		t.Errorf("%d conditions are taken", len(m.Where))
	}
}
