package ghl

import (
	"context"
	"fmt"
	"strings"

	"github.com/zclconf/go-cty/cty"

	"lockstep/providers"
	"lockstep/schema"
)

const kindCustomField = "ghl_custom_field"

// customFieldKind declares the definitions of custom fields (HighLevel
// locations API, custom fields). Some properties have other names in answers
// than in requests.
func customFieldKind() *kind {
	return declared(&kind{
		Kind: schema.Kind{
			Name: kindCustomField, Noun: "custom field", Plural: "custom fields",
			Scopes: schema.Scopes{Read: []string{"locations/customFields.readonly"}, Write: []string{"locations/customFields.write"}},
			Doc: "The definition of a custom field of contacts or opportunities. Its key is made from its first name and stays when the name changes. " +
				"Another data type or model replaces the field, and all values in it are lost.",
			Keys: []schema.NaturalKey{{"model", "field_key"}, {"model", "name"}},
		},
		attributes: customFieldAttributes(),
		data:       customFieldData(),
		list: listing{
			call:  call{method: "GET", path: "/locations/{location}/customFields", envelope: "customFields"},
			query: customFieldQuery,
		},
		create:  call{method: "POST", path: "/locations/{location}/customFields", envelope: "customField"},
		update:  call{method: "PUT", path: "/locations/{location}/customFields/{id}", envelope: "customField"},
		remove:  call{method: "DELETE", path: "/locations/{location}/customFields/{id}"},
		answers: answers{gone: []string{"custom field not found", "custom field with id", "customfield not found"}},
		odd: oddities{
			derive: deriveFieldKey,
			learn:  (*account).learnDefinitions,
			wrote:  (*account).forgetDefinitions,
		},
	})
}

// dataTypes are the data types of custom fields, in the API's spelling.
var dataTypes = []string{
	"TEXT", "LARGE_TEXT", "NUMERICAL", "FLOAT", "PHONE", "EMAIL", "MONETORY", "CHECKBOX", "SINGLE_OPTIONS", "MULTIPLE_OPTIONS",
	"RADIO", "DATE", "TIME", "TEXTBOX_LIST", "FILE_UPLOAD", "SIGNATURE",
}

func customFieldAttributes() []attribute {
	strs := cty.List(cty.String)
	return []attribute{
		{Attribute: schema.Attribute{Name: "name", Type: cty.String, Required: true, Folded: true, Doc: "Name that people see."},
			wire: "name", form: name, withUpdate: true},
		{Attribute: schema.Attribute{Name: "data_type", Type: cty.String, Required: true, Immutable: true, OneOf: dataTypes,
			Doc: "Type of the values."},
			wire: "dataType", form: text},
		{Attribute: schema.Attribute{Name: "model", Type: cty.String, Optional: true, Computed: true, Immutable: true,
			OneOf: []string{"contact", "opportunity"}, Default: schema.StringValue("contact"), Doc: "What has the field: contact or opportunity."},
			wire: "model", form: text, always: "contact"},
		{Attribute: schema.Attribute{Name: "field_key", Type: cty.String, Optional: true, Computed: true, Immutable: true,
			Doc: "Key of the field, without the contact. or opportunity. prefix: letters a to z, digits and underscores. The server makes it from the name when none is sent."},
			wire: "fieldKey", form: fieldKey},
		{Attribute: schema.Attribute{Name: "placeholder", Type: cty.String, Optional: true, Doc: "Text shown in the empty field."},
			wire: "placeholder", form: text},
		{Attribute: schema.Attribute{Name: "position", Type: cty.Number, Optional: true, Computed: true, Doc: "Place among the fields of its folder."},
			wire: "position", form: number},
		{Attribute: schema.Attribute{Name: "options", Type: strs, Optional: true,
			Doc: "The options of SINGLE_OPTIONS, MULTIPLE_OPTIONS, RADIO and CHECKBOX fields, in their order."},
			wire: "options", read: "picklistOptions", form: names},
		{Attribute: schema.Attribute{Name: "custom_options", Type: cty.Bool, Computed: true, Doc: "Whether values may be other than the options."},
			read: "isAllowedCustomOption", form: boolean},
		{Attribute: schema.Attribute{Name: "accepted_formats", Type: strs, Optional: true, WriteOnly: true,
			Doc: "File name endings that a FILE_UPLOAD field takes, such as .pdf. The API does not return them."},
			wire: "acceptedFormat", form: names},
		{Attribute: schema.Attribute{Name: "multiple_files", Type: cty.Bool, Optional: true, Default: schema.BoolValue(false),
			Doc: "Whether a FILE_UPLOAD field takes several files."},
			wire: "isMultipleFile", read: "isMultiFileAllowed", form: boolean},
		{Attribute: schema.Attribute{Name: "max_files", Type: cty.Number, Optional: true, Computed: true, Doc: "How many files a FILE_UPLOAD field takes."},
			wire: "maxNumberOfFiles", read: "maxFileLimit", form: number},
		{Attribute: schema.Attribute{Name: "text_boxes", Type: cty.List(cty.Map(cty.String)), Optional: true, WriteOnly: true,
			Doc: "The boxes of a TEXTBOX_LIST field: objects with label and prefill_value. The API does not return them."},
			wire: "textBoxListOptions", form: textBoxes},
		{Attribute: schema.Attribute{Name: "parent_id", Type: cty.String, Optional: true, Computed: true, Immutable: true, Doc: "Id of the folder that holds the field."},
			wire: "parentId", form: text},
		computed("date_added", "dateAdded", "When the field was created, RFC 3339.", instant),
	}
}

// deriveFieldKey predicts model and key of a field that does not name them,
// so that a field which exists already is adopted.
func deriveFieldKey(fields schema.Fields) schema.Fields {
	if _, declared := fields.Find("name"); !declared {
		// Arguments of a data source, or part of a key.
		return fields
	}
	if fields.Value("model").IsAbsent() {
		fields = append(fields, schema.Field{Path: "model", Value: schema.StringValue("contact"), Derived: true})
		fields.Sort()
	}
	name := fields.Value("name")
	if !fields.Value("field_key").IsAbsent() || name.Type() != schema.String || name.Text() == "" {
		return fields
	}
	fields = append(fields, schema.Field{Path: "field_key", Value: schema.StringValue(keyFromName(name.Text())), Derived: true})
	fields.Sort()
	return fields
}

// normalFieldKey spells a key as the server does, and refuses one that the
// server would change: the field would never have the key that the files say.
// One with underscores in unusual places is taken where a live field has it.
func normalFieldKey(s *speller, path string, v schema.Value) (schema.Value, error) {
	key := bareKey(v.Written())
	keeps := keyFromName(key) == key
	if keeps && !hasUsualUnderscores(key) {
		var err error
		if keeps, err = s.mayHaveKey(key); err != nil {
			return v, err
		}
	}
	if !keeps {
		return v, &providers.FieldError{Path: path, Problem: fmt.Sprintf("%q is not a key that a custom field keeps", v.Written()),
			Advice: "Write letters a to z, digits and single underscores between them, or leave field_key out: the server makes one from the name."}
	}
	return schema.StringValue(key), nil
}

// hasUsualUnderscores reports whether a key has single underscores between its
// words only.
func hasUsualUnderscores(key string) bool {
	return !strings.HasPrefix(key, "_") && !strings.HasSuffix(key, "_") && !strings.Contains(key, "__")
}

// mayHaveKey reports whether a live field may have a key: those of contacts are
// known once the account is.
func (s *speller) mayHaveKey(key string) (bool, error) {
	if !s.account.configured() || s.fields.Value("model").Text() == "opportunity" {
		return true, nil
	}
	defs, err := s.account.defined(s.ctx, modelContact)
	if err != nil {
		return false, err
	}
	return defs.byKey[key] != nil, nil
}

// keyFromName spells a name the way the server does for a field's key.
func keyFromName(name string) string {
	var b strings.Builder
	for _, r := range spellLower(name) {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9', r == '_':
			b.WriteRune(r)
		case r == ' ' || r == '-':
			b.WriteByte('_')
		}
	}
	return b.String()
}

// customFieldQuery selects the model.
func customFieldQuery(_ context.Context, _ *account, q providers.Query, r *request) (keep, error) {
	model := q.Where.Value("model").Text()
	if model == "" {
		model = "all"
	}
	r.setQuery("model", model)
	if model == "all" {
		return nil, nil
	}
	return func(o *schema.Object) bool { return o.Value("model").Text() == model }, nil
}

func customFieldData() []*schema.DataSource {
	return []*schema.DataSource{
		{Name: "ghl_custom_fields", Kind: kindCustomField, Many: "custom_fields",
			Doc:       "Definitions of custom fields.",
			Arguments: []schema.Attribute{argument("model", cty.String, "contact or opportunity; without it both.")}},
	}
}
