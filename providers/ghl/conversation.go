package ghl

import (
	"github.com/zclconf/go-cty/cty"

	"lockstep/schema"
)

const kindConversation = "ghl_conversation"

// conversationsVersion is the Version header of the conversations API.
const conversationsVersion = "2021-04-15"

// conversationKind declares conversations (HighLevel conversations API, search and
// read by id). The two answers differ: only the search has the type as a word, and
// what was said last.
func conversationKind() *kind {
	const fromSearch = " Only ghl_conversations has it."
	return declared(&kind{
		Kind: schema.Kind{
			Name: kindConversation, Noun: "conversation", Plural: "conversations", ReadOnly: true, Personal: true,
			Scopes:  schema.Scopes{Read: []string{"conversations.readonly"}},
			Doc:     "What was said with a contact, over all channels. Conversations can only be read.",
			Listing: schema.Listing{Page: 100},
		},
		attributes: []attribute{
			refers("contact_id", "contactId", kindContact, "Id of the contact."),
			refers("assigned_to", "assignedTo", kindUser, "Id of the user in charge."),
			listedOnly(computed("type", "type", "TYPE_PHONE, TYPE_EMAIL or another."+fromSearch, text)),
			{Attribute: schema.Attribute{Name: "unread", Type: cty.Number, Computed: true, Doc: "How many messages nobody has read."}, read: "unreadCount", form: number},
			{Attribute: schema.Attribute{Name: "starred", Type: cty.Bool, Computed: true, Doc: "Whether it has a star."}, read: "starred", form: boolean},
			computed("date_added", "dateAdded", "When it began, RFC 3339.", instant),
			computed("date_updated", "dateUpdated", "When it last changed, RFC 3339.", instant),
			listedOnly(computed("last_message_date", "lastMessageDate", "When the last message came, RFC 3339."+fromSearch, instant)),
			listedOnly(computed("last_message_type", "lastMessageType", "TYPE_SMS, TYPE_EMAIL, TYPE_CALL or another."+fromSearch, text)),
			listedOnly(computed("last_message_direction", "lastMessageDirection", "inbound or outbound."+fromSearch, text)),
			listedOnly(about("last_message", "lastMessageBody", "The last message."+fromSearch)),
		},
		data: []*schema.DataSource{
			{Name: kindConversation, Kind: kindConversation, Doc: "One conversation, by its id.",
				Arguments: []schema.Attribute{{Name: "id", Type: cty.String, Required: true, Doc: "Id of the conversation."}}},
			{Name: "ghl_conversations", Kind: kindConversation, Many: "conversations",
				Doc: "Conversations that meet every argument, from the one that was silent longest. More than 100 whose last messages came in the same " +
					"millisecond cannot be read, which is an error.",
				Arguments: []schema.Attribute{
					{Name: "contact_id", Type: cty.String, Optional: true, Refers: kindContact, Doc: "Id of the contact."},
					{Name: "assigned_to", Type: cty.String, Optional: true, Refers: kindUser, Doc: `Id of the user in charge, or "unassigned".`},
					{Name: "status", Type: cty.String, Optional: true, OneOf: []string{"all", "read", "unread", "starred", "recents"}, Doc: "Which of them: read, unread, starred."},
					{Name: "last_message_type", Type: cty.String, Optional: true, Doc: "Type of the last message, such as TYPE_SMS."},
					{Name: "last_message_direction", Type: cty.String, Optional: true, OneOf: []string{"inbound", "outbound"}, Doc: "Direction of the last message."},
					{Name: "query", Type: cty.String, Optional: true, Personal: true, Doc: "Text to look for."},
				}},
		},
		list: listing{
			call:  call{method: "GET", path: "/conversations/search", envelope: "conversations", located: inQuery, version: conversationsVersion},
			fixed: map[string]string{"sort": "asc", "sortBy": "last_message_date"},
			page:  paging{limit: "limit", after: []cursor{overlapping("sort.0", "startAfterDate")}},
			parameters: map[string]string{
				"contact_id": "contactId", "assigned_to": "assignedTo", "status": "status", "query": "query",
				"last_message_type": "lastMessageType", "last_message_direction": "lastMessageDirection",
			},
		},
		get:     call{method: "GET", path: "/conversations/{id}", version: conversationsVersion},
		answers: answers{gone: []string{"conversation not found", "conversation with id", "conversation does not exist"}},
	})
}

// listedOnly makes an attribute one that only the rows of a list have.
func listedOnly(a attribute) attribute {
	a.row, a.read = a.read, ""
	return a
}
