package sandbox

import (
	"cmp"
	"regexp"
	"slices"
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

// models are the kinds of object that may have custom fields of a location.
var models = []string{"contact", "opportunity"}

// fields are the custom fields of a location, and what they say of values.
type fields struct {
	resource[field]
	l *location
}

func newFields(l *location) *fields {
	update := shape{
		"name": {kind: text, need: true}, "placeholder": {kind: text}, "position": {kind: number},
		"acceptedFormat": {kind: texts}, "isMultipleFile": {kind: flag}, "maxNumberOfFiles": {kind: number},
		"textBoxListOptions": {kind: list}, "options": {kind: texts}, "description": {kind: text},
	}
	fs := &fields{l: l, resource: resource[field]{
		collection: newCollection[field](l.store, "customField"),
		path:       "/locations/{locationId}/customFields", scope: "locations/customFields",
		words: words{one: "customField", many: "customFields", unknown: "Custom field not found", deleted: []string{"succeded"}},
		shapes: shapes{
			list:   shape{"model": {kind: text, one: append(slices.Clone(models), "all")}},
			update: update,
			create: update.extend(shape{
				"dataType": {kind: text, need: true, one: dataTypes}, "model": {kind: text, one: models},
				"parentId": {kind: text}, "fieldKey": {kind: text},
			}),
		},
		own: func(f *field, id, _ string) { f.ID = id },
		cut: ofModel,
	}}
	fs.fill, fs.view, fs.detail, fs.find = fs.write, fs.row, fs.single, fs.lookUp
	// The values that the search shows depend on the definitions.
	fs.changed = func(_, _ *field) { l.people.seen.touch() }
	return fs
}

// ofModel keeps the fields of the model that a query names.
func ofModel(c *call, all []*field) []*field {
	model := c.query.Get("model")
	return slices.DeleteFunc(all, func(f *field) bool { return model != "" && model != "all" && model != f.Model })
}

// write writes a body over a definition. Type, model and key are fixed once it
// is made.
func (fs *fields) write(c *call, f *field) *answer {
	f.fill(c.body)
	if f.ID == "" {
		if refusal := fs.begin(c, f); refusal != nil {
			return refusal
		}
	}
	return fs.taken(f)
}

// begin gives a new definition what can only be written once. A key that is asked
// for is spelt as keys are; one without letters and digits follows from the name.
func (fs *fields) begin(c *call, f *field) *answer {
	f.Model, f.Added, f.DataType = "contact", millis(c.now), c.body["dataType"].(string)
	if model, given := c.body["model"].(string); given {
		f.Model = model
	}
	if _, given := c.body["position"]; !given {
		f.Position = float64(50 * (fs.size() + 1))
	}
	if f.DataType == "TEXTBOX_LIST" && len(f.TextBoxes) == 0 {
		return badRequest("textBoxListOptions should not be empty")
	}
	key, _ := c.body["fieldKey"].(string)
	f.FieldKey = f.Model + "." + cmp.Or(slug(strings.TrimPrefix(key, f.Model+".")), slug(f.Name))
	if f.ParentID == "" {
		f.ParentID = "FLD" + f.Model
	}
	return nil
}

// taken refuses a second field of one model with the same name or key.
func (fs *fields) taken(f *field) *answer {
	for _, other := range fs.all() {
		if other.ID == f.ID || other.Model != f.Model {
			continue
		}
		if strings.EqualFold(other.Name, f.Name) || other.FieldKey == f.FieldKey {
			return badRequest("Custom field with name " + f.Name + " already exists")
		}
	}
	return nil
}

// lookUp finds a definition by its id or by its key, with or without the model in
// front.
func (fs *fields) lookUp(name string) (*field, bool) {
	if f, known := fs.byID[name]; known {
		return f, true
	}
	for _, f := range fs.all() {
		if name != "" && (f.FieldKey == name || f.FieldKey == "contact."+name) {
			return f, true
		}
	}
	return nil, false
}

var notInKey = regexp.MustCompile(`[^a-z0-9]+`)

// slug makes the part of a key that follows from a name.
func slug(name string) string {
	return strings.Trim(notInKey.ReplaceAllString(strings.ToLower(name), "_"), "_")
}

// fill writes what a body may write of a definition. Empty options are dropped.
func (f *field) fill(body object) {
	fillTexts(body, map[string]*string{
		"name": &f.Name, "placeholder": &f.Placeholder, "description": &f.Description, "parentId": &f.ParentID,
	})
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
		f.Options = slices.DeleteFunc(strs(v), func(option string) bool { return option == "" })
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

// row is a definition under the names of a read. A write has other names.
func (fs *fields) row(f *field) object {
	out := object{
		"id": f.ID, "name": f.Name, "model": f.Model, "fieldKey": f.FieldKey, "dataType": f.DataType,
		"placeholder": f.Placeholder, "position": f.Position, "documentType": "field", "parentId": f.ParentID,
		"locationId": fs.l.settings.ID, "dateAdded": stamp(f.Added), "standard": false,
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
	showTexts(out, map[string]string{"description": f.Description})
	return out
}

// single is a definition that was asked for by itself.
func (fs *fields) single(f *field) object {
	out := fs.row(f)
	out["scopes"] = []string{}
	return out
}
