package sandbox

// value is a custom value: a named text of the location.
type value struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Value    string `json:"value"`
	FieldKey string `json:"fieldKey"` // fixed when made
}

// values are the custom values of a location.
type values struct{ resource[value] }

func newValues(l *location) *values {
	body := shape{"name": {kind: text, need: true}, "value": {kind: text, need: true}}
	vs := &values{resource[value]{
		collection: newCollection[value](l.store, "customValue"),
		path:       "/locations/{locationId}/customValues", scope: "locations/customValues",
		// Other kinds spell the answer of a delete in another way.
		words:  words{one: "customValue", many: "customValues", unknown: "Custom value not found", deleted: []string{"succeeded"}},
		shapes: shapes{create: body, update: body},
		own:    func(v *value, id, _ string) { v.ID = id },
		view: func(v *value) object {
			return object{"id": v.ID, "name": v.Name, "fieldKey": v.FieldKey, "value": v.Value,
				"locationId": l.settings.ID, "documentType": "field"}
		},
	}}
	vs.fill = vs.write
	return vs
}

// write gives a value its name, which no other value may have, and its text. The
// key follows from the first name.
func (vs *values) write(c *call, v *value) *answer {
	v.Name, v.Value = c.body["name"].(string), c.body["value"].(string)
	made := v.ID == ""
	if made {
		v.FieldKey = "{{ custom_values." + slug(v.Name) + " }}"
	}
	for _, other := range vs.all() {
		if other.ID != v.ID && (other.Name == v.Name || made && other.FieldKey == v.FieldKey) {
			return badRequest("Custom value with name " + v.Name + " already exists")
		}
	}
	return nil
}
