package sandbox

// contactShape is what a contact's fields may be in every body that writes one.
var contactShape = shape{
	"firstName": {kind: text, null: true}, "lastName": {kind: text, null: true},
	"name": {kind: text, null: true}, "email": {kind: email, null: true},
	"phone": {kind: text, null: true}, "address1": {kind: text, null: true},
	"city": {kind: text, null: true}, "state": {kind: text, null: true},
	"postalCode": {kind: text, null: true}, "country": {kind: text, null: true},
	"website": {kind: text, null: true}, "timezone": {kind: text, null: true},
	"companyName": {kind: text, null: true}, "source": {kind: text, null: true},
	"assignedTo": {kind: text, null: true}, "dateOfBirth": {null: true},
	"dnd": {kind: flag}, "dndSettings": {kind: group, each: dndChannels},
	"inboundDndSettings": {kind: group, each: shape{"all": {kind: group, each: inboundSetting}}},
	"tags":               {kind: texts}, "customFields": {kind: list, each: fieldInput},
}

var (
	dndSetting = shape{
		"status":  {kind: text, need: true, one: []string{"active", "inactive", "permanent"}},
		"message": {kind: text}, "code": {kind: text},
	}
	inboundSetting = shape{
		"status":  {kind: text, need: true, one: []string{"active", "inactive"}},
		"message": {kind: text},
	}
	dndChannel  = rule{kind: group, each: dndSetting}
	dndChannels = shape{
		"Call": dndChannel, "Email": dndChannel, "SMS": dndChannel,
		"WhatsApp": dndChannel, "GMB": dndChannel, "FB": dndChannel,
	}
	fieldInput = shape{
		"id": {kind: text}, "key": {kind: text}, "field_value": {null: true}, "value": {null: true},
	}

	createContactShape = contactShape.extend(shape{
		"locationId": {kind: text, need: true}, "gender": {kind: text},
	})
	updateContactShape = contactShape.extend(shape{
		"type": {kind: text}, "ssn": {kind: text}, "keyword": {kind: text},
	})
	upsertContactShape = createContactShape.extend(shape{"createNewIfDuplicateAllowed": {kind: flag}})
)
