package sandbox

import (
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// field is the definition of a custom field.
type field struct {
	ID           string   `json:"id"`
	Name         string   `json:"name"`
	Model        string   `json:"model"`
	FieldKey     string   `json:"fieldKey"` // fixed when made
	DataType     string   `json:"dataType"`
	Placeholder  string   `json:"placeholder"`
	Description  string   `json:"description,omitempty"`
	Position     float64  `json:"position"`
	ParentID     string   `json:"parentId,omitempty"`
	Options      []string `json:"options,omitempty"`
	Formats      []string `json:"acceptedFormat,omitempty"`
	MultipleFile *bool    `json:"isMultipleFile,omitempty"`
	MaxFiles     *float64 `json:"maxNumberOfFiles,omitempty"`
	TextBoxes    []any    `json:"textBoxListOptions,omitempty"`
	Added        int64    `json:"dateAdded"`
}

var dataTypes = []string{
	"TEXT", "LARGE_TEXT", "NUMERICAL", "PHONE", "MONETORY", "CHECKBOX", "SINGLE_OPTIONS", "MULTIPLE_OPTIONS",
	"FLOAT", "TIME", "DATE", "TEXTBOX_LIST", "FILE_UPLOAD", "SIGNATURE", "RADIO", "EMAIL",
}

var (
	updateFieldShape = shape{
		"name": {kind: text, need: true}, "placeholder": {kind: text}, "position": {kind: number},
		"acceptedFormat": {kind: texts}, "isMultipleFile": {kind: flag}, "maxNumberOfFiles": {kind: number},
		"textBoxListOptions": {kind: list}, "options": {kind: texts}, "description": {kind: text},
	}
	createFieldShape = updateFieldShape.extend(shape{
		"dataType": {kind: text, need: true, one: dataTypes},
		"model":    {kind: text, one: []string{"contact", "opportunity"}},
		"parentId": {kind: text}, "fieldKey": {kind: text},
	})
	fieldQuery = shape{"model": {kind: text, one: []string{"contact", "opportunity", "all"}}}

	notInKey = regexp.MustCompile(`[^a-z0-9]+`)
)

// slug makes the part of a key that follows from a name.
func slug(name string) string {
	return strings.Trim(notInKey.ReplaceAllString(strings.ToLower(name), "_"), "_")
}

func (st *store) saveField(f *field) {
	st.fields.set(f.ID, f)
	st.people.gen++ // the values that search shows depend on the definitions
	st.log.put(st.seq, kindField, f.ID, f)
}

// fill writes what a body may write of a definition.
func (f *field) fill(body object) {
	for name, at := range map[string]*string{
		"name": &f.Name, "placeholder": &f.Placeholder, "description": &f.Description, "parentId": &f.ParentID,
	} {
		if v, given := body[name].(string); given {
			*at = v
		}
	}
	if v, given := body["position"].(float64); given {
		f.Position = v
	}
	if v, given := body["isMultipleFile"].(bool); given {
		f.MultipleFile = &v
	}
	if v, given := body["maxNumberOfFiles"].(float64); given {
		f.MaxFiles = &v
	}
	if v, given := body["options"].([]any); given {
		f.Options = strs(v)
	}
	if v, given := body["acceptedFormat"].([]any); given {
		f.Formats = strs(v)
	}
	if v, given := body["textBoxListOptions"].([]any); given {
		f.TextBoxes = v
	}
}

func strs(list []any) []string {
	out := make([]string, 0, len(list))
	for _, v := range list {
		s, _ := v.(string)
		out = append(out, s)
	}
	return out
}

// fieldView answers under the names of a read, which are not those of a write.
func (s *Server) fieldView(f *field) object {
	out := object{
		"id": f.ID, "name": f.Name, "model": f.Model, "fieldKey": f.FieldKey, "dataType": f.DataType,
		"placeholder": f.Placeholder, "position": f.Position, "documentType": "field", "parentId": f.ParentID,
		"locationId": s.opts.Location, "dateAdded": stamp(f.Added), "standard": false,
	}
	if f.Options != nil {
		out["picklistOptions"] = f.Options
	}
	if f.Formats != nil {
		out["acceptedFormat"] = f.Formats
	}
	if f.MultipleFile != nil {
		out["isMultiFileAllowed"] = *f.MultipleFile
	}
	if f.MaxFiles != nil {
		out["maxFileLimit"] = *f.MaxFiles
	}
	if f.TextBoxes != nil {
		out["textBoxListOptions"] = f.TextBoxes
	}
	if f.Description != "" {
		out["description"] = f.Description
	}
	return out
}

func (s *Server) singleField(f *field) object {
	view := s.fieldView(f)
	view["scopes"] = []string{}
	return object{"customField": view}
}

func (s *Server) listFields(c *call) answer {
	model := c.query.Get("model")
	rows := []object{}
	for _, f := range s.store.fields.all() {
		if model == "" || model == "all" || model == f.Model {
			rows = append(rows, s.fieldView(f))
		}
	}
	return ok(object{"customFields": rows})
}

// getField takes an id or a field key.
func (s *Server) getField(c *call) answer {
	f, known := s.store.fieldBy(c.vars["id"])
	if !known {
		return badRequest("Custom field not found")
	}
	return ok(s.singleField(f))
}

// fieldBy finds a definition by its id or by its key, with or without the model
// in front.
func (st *store) fieldBy(name string) (*field, bool) {
	if f, known := st.fields.byID[name]; known {
		return f, true
	}
	for _, f := range st.fields.byID {
		if name != "" && (f.FieldKey == name || f.FieldKey == "contact."+name) {
			return f, true
		}
	}
	return nil, false
}

func (s *Server) createField(c *call) answer {
	f := &field{Model: "contact", Added: millis(c.now), Position: float64(50 * (len(s.store.fields.order) + 1))}
	f.fill(c.body)
	f.DataType = c.body["dataType"].(string)
	if model, given := c.body["model"].(string); given {
		f.Model = model
	}
	if f.DataType == "TEXTBOX_LIST" && len(f.TextBoxes) == 0 {
		return badRequest("textBoxListOptions should not be empty")
	}
	f.FieldKey = f.Model + "." + slug(f.Name)
	if key, given := c.body["fieldKey"].(string); given {
		f.FieldKey = f.Model + "." + slug(strings.TrimPrefix(key, f.Model+"."))
	}
	if refusal, taken := s.store.fieldTaken(f); taken {
		return refusal
	}
	f.ID = s.store.newID(kindField)
	if f.ParentID == "" {
		f.ParentID = "FLD" + f.Model
	}
	s.store.saveField(f)
	return created(s.singleField(f))
}

// fieldTaken refuses a second field of one model with the same name or key.
func (st *store) fieldTaken(f *field) (answer, bool) {
	for _, other := range st.fields.byID {
		if other.ID == f.ID || other.Model != f.Model {
			continue
		}
		if strings.EqualFold(other.Name, f.Name) || other.FieldKey == f.FieldKey {
			return badRequest("Custom field with name " + f.Name + " already exists"), true
		}
	}
	return answer{}, false
}

func (s *Server) updateField(c *call) answer {
	old, known := s.store.fields.byID[c.vars["id"]]
	if !known {
		return badRequest("Custom field not found")
	}
	updated := *old
	updated.fill(c.body)
	if refusal, taken := s.store.fieldTaken(&updated); taken {
		return refusal
	}
	s.store.saveField(&updated)
	return ok(s.singleField(&updated))
}

// deleteField forgets a definition, and with it every contact's value.
func (s *Server) deleteField(c *call) answer {
	f, known := s.store.fields.byID[c.vars["id"]]
	if !known {
		return badRequest("Custom field not found")
	}
	s.store.fields.remove(f.ID)
	s.store.people.gen++
	s.store.log.drop(s.store.seq, kindField, f.ID)
	return ok(object{"succeded": true})
}

// fillCustom writes custom field values over those of a contact. Fields that
// are not named stay; names that no field has are dropped without a word.
func (st *store) fillCustom(c *contact, inputs []any) []string {
	var problems []string
	for _, in := range inputs {
		input := in.(object)
		name, _ := input["id"].(string)
		if name == "" {
			name, _ = input["key"].(string)
		}
		f, known := st.fieldBy(name)
		if !known || f.DataType == "FILE_UPLOAD" || f.Model != "contact" {
			continue
		}
		v, given := input["field_value"]
		if !given {
			v = input["value"]
		}
		stored, valid := f.coerce(v)
		if !valid {
			problems = append(problems, "customFields."+f.ID+" must be a number")
			continue
		}
		c.setCustom(f.ID, stored)
	}
	return problems
}

// coerce gives a value the type of its field; nil clears.
func (f *field) coerce(v any) (json.RawMessage, bool) {
	if list, isList := v.([]any); v == nil || v == "" || isList && len(list) == 0 {
		return nil, true
	}
	switch f.DataType {
	case "NUMERICAL", "MONETORY", "FLOAT":
		if s, isText := v.(string); isText {
			n, err := strconv.ParseFloat(strings.TrimSpace(s), 64)
			if err != nil {
				return nil, false
			}
			v = n
		}
		if _, isNumber := v.(float64); !isNumber {
			return nil, false
		}
	case "CHECKBOX", "MULTIPLE_OPTIONS":
		if s, isText := v.(string); isText {
			v = []string{s}
		}
	}
	out, err := json.Marshal(v)
	return out, err == nil
}

// setCustom replaces the value of one field; nil removes it.
func (c *contact) setCustom(id string, v json.RawMessage) {
	i := slices.IndexFunc(c.CustomFields, func(f fieldValue) bool { return f.ID == id })
	switch {
	case v == nil && i >= 0:
		c.CustomFields = slices.Delete(c.CustomFields, i, i+1)
	case v == nil:
	case i >= 0:
		c.CustomFields[i].Value = v
	default:
		c.CustomFields = append(c.CustomFields, fieldValue{ID: id, Value: v})
	}
}
