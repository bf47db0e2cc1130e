package sandbox

// value is a custom value: a named text of the location.
type value struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Value    string `json:"value"`
	FieldKey string `json:"fieldKey"` // fixed when made
}

var valueShape = shape{"name": {kind: text, need: true}, "value": {kind: text, need: true}}

func (st *store) saveValue(v *value) {
	st.values.set(v.ID, v)
	st.log.put(st.seq, kindValue, v.ID, v)
}

func (s *Server) valueView(v *value) object {
	return object{"id": v.ID, "name": v.Name, "fieldKey": v.FieldKey, "value": v.Value,
		"locationId": s.opts.Location, "documentType": "field"}
}

func (s *Server) listValues(*call) answer {
	rows := []object{}
	for _, v := range s.store.values.all() {
		rows = append(rows, s.valueView(v))
	}
	return ok(object{"customValues": rows})
}

func (s *Server) getValue(c *call) answer {
	v, known := s.store.values.byID[c.vars["id"]]
	if !known {
		return badRequest("Custom value not found")
	}
	return ok(object{"customValue": s.valueView(v)})
}

func (s *Server) createValue(c *call) answer {
	name := c.body["name"].(string)
	v := &value{Name: name, Value: c.body["value"].(string), FieldKey: "{{ custom_values." + slug(name) + " }}"}
	for _, other := range s.store.values.byID {
		if other.Name == v.Name || other.FieldKey == v.FieldKey {
			return badRequest("Custom value with name " + name + " already exists")
		}
	}
	v.ID = s.store.newID(kindValue)
	s.store.saveValue(v)
	return created(object{"customValue": s.valueView(v)})
}

func (s *Server) updateValue(c *call) answer {
	old, known := s.store.values.byID[c.vars["id"]]
	if !known {
		return badRequest("Custom value not found")
	}
	updated := *old
	updated.Name, updated.Value = c.body["name"].(string), c.body["value"].(string)
	for _, other := range s.store.values.byID {
		if other.ID != updated.ID && other.Name == updated.Name {
			return badRequest("Custom value with name " + updated.Name + " already exists")
		}
	}
	s.store.saveValue(&updated)
	return ok(object{"customValue": s.valueView(&updated)})
}

// deleteValue answers with a spelling that is not that of the other deletes.
func (s *Server) deleteValue(c *call) answer {
	v, known := s.store.values.byID[c.vars["id"]]
	if !known {
		return badRequest("Custom value not found")
	}
	s.store.values.remove(v.ID)
	s.store.log.drop(s.store.seq, kindValue, v.ID)
	return ok(object{"succeeded": true})
}
