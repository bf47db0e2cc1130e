package ghl

import (
	"github.com/zclconf/go-cty/cty"

	"lockstep/schema"
)

const kindNote = "ghl_note"

// noteKind declares notes of contacts (HighLevel contacts API, notes). There
// is no bulk read: each contact's notes cost one request.
func noteKind() *kind {
	return declared(&kind{
		Kind: schema.Kind{
			Name: kindNote, Noun: "note", Plural: "notes",
			Scopes:  schema.Scopes{Read: []string{"contacts.readonly"}, Write: []string{"contacts.write"}},
			Doc:     "A note on a contact. Notes have no natural key: one is matched by its text among the notes of its contact. Another contact replaces the note.",
			Content: []string{"body"},
			Parent:  "contact_id",
			After:   []string{kindContact},
			// One request for each contact is all the API offers.
			Listing:  schema.Listing{PerParent: true},
			Page:     "contacts/detail/{contact_id}",
			Personal: true,
		},
		attributes: []attribute{
			{Attribute: schema.Attribute{Name: "contact_id", Type: cty.String, Required: true, Immutable: true, Refers: kindContact, Doc: "Id of the contact."},
				read: "contactId", form: text},
			{Attribute: schema.Attribute{Name: "body", Type: cty.String, Required: true, Personal: true, Doc: "The text. Formatting is not compared."},
				wire: "body", form: richText},
			{Attribute: schema.Attribute{Name: "title", Type: cty.String, Optional: true, Personal: true, Doc: "Title."},
				wire: "title", form: text},
			{Attribute: schema.Attribute{Name: "color", Type: cty.String, Optional: true, Doc: "Colour."},
				wire: "color", form: text},
			{Attribute: schema.Attribute{Name: "pinned", Type: cty.Bool, Optional: true, Default: schema.BoolValue(false), Doc: "Whether the note stays on top."},
				wire: "pinned", form: boolean},
			{Attribute: schema.Attribute{Name: "user_id", Type: cty.String, Optional: true, Refers: kindUser, Doc: "Id of the user that wrote the note."},
				wire: "userId", form: text},
			computed("date_added", "dateAdded", "When the note was created, RFC 3339.", instant),
		},
		data: []*schema.DataSource{
			{Name: "ghl_notes", Kind: kindNote, Many: "notes", Doc: "Notes on a contact.",
				Arguments: []schema.Attribute{{Name: "contact_id", Type: cty.String, Required: true, Refers: kindContact, Doc: "Id of the contact."}}},
		},
		list:    listing{call: call{method: "GET", path: "/contacts/{parent}/notes", envelope: "notes"}, parents: 1},
		get:     call{method: "GET", path: "/contacts/{parent}/notes/{id}", envelope: "note"},
		create:  call{method: "POST", path: "/contacts/{parent}/notes", envelope: "note"},
		update:  call{method: "PUT", path: "/contacts/{parent}/notes/{id}", envelope: "note"},
		remove:  call{method: "DELETE", path: "/contacts/{parent}/notes/{id}"},
		answers: answers{gone: []string{"note id is invalid", "note with id", "note not found", "contact with id", "contact not found"}},
	})
}
