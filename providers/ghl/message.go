package ghl

import (
	"github.com/zclconf/go-cty/cty"

	"lockstep/schema"
)

const (
	kindMessage = "ghl_message"
	kindEmail   = "ghl_email"
)

// readMessages are the scopes of all that a conversation holds.
var readMessages = schema.Scopes{Read: []string{"conversations/message.readonly"}}

// messageKind declares messages, calls and threads of e-mails (HighLevel
// conversations API, messages). The document shows the list and the single message
// without the envelopes that they come in.
func messageKind() *kind {
	return declared(&kind{
		Kind: schema.Kind{
			Name: kindMessage, Noun: "message", Plural: "messages", ReadOnly: true, Personal: true,
			Scopes:  readMessages,
			Doc:     "A message of a conversation, a call, or a thread of e-mails. Messages can only be read.",
			Parent:  "conversation_id",
			Listing: schema.Listing{Page: 100, PerParent: true},
		},
		attributes: append(spokenTo(),
			computed("type", "messageType", "TYPE_SMS, TYPE_EMAIL, TYPE_CALL or another.", text),
			about("body", "body", "The text."),
			computed("content_type", "contentType", "Type of the text, such as text/plain.", text),
			refers("user_id", "userId", kindUser, "Id of the user who sent it."),
			computed("provider_id", "conversationProviderId", "Id of the conversation provider that carried it.", text),
			computed("call_status", "meta.callStatus", "completed, no-answer or another, of a call.", text),
			attribute{Attribute: schema.Attribute{Name: "call_duration", Type: cty.Number, Computed: true, Doc: "Length of a call in seconds."}, read: "meta.callDuration", form: number},
			attribute{Attribute: schema.Attribute{Name: "email_ids", Type: cty.List(cty.String), Computed: true, Refers: kindEmail, Doc: "Ids of the e-mails of a thread."},
				read: "meta.email.messageIds", form: names},
		),
		data: []*schema.DataSource{
			{Name: kindMessage, Kind: kindMessage, Doc: "One message, by its id.",
				Arguments: []schema.Attribute{{Name: "id", Type: cty.String, Required: true, Doc: "Id of the message."}}},
			{Name: "ghl_messages", Kind: kindMessage, Many: "messages", Doc: "Messages of a conversation, the newest first.",
				Arguments: []schema.Attribute{
					{Name: "conversation_id", Type: cty.String, Required: true, Refers: kindConversation, Doc: "Id of the conversation."},
					{Name: "types", Type: cty.Set(cty.String), Optional: true, Doc: `Types of message, such as ["TYPE_SMS", "TYPE_CALL"].`},
				}},
		},
		list: listing{
			call:       call{method: "GET", path: "/conversations/{parent}/messages", envelope: "messages.messages", version: conversationsVersion},
			parameters: map[string]string{"types": "type"},
			parents:    1,
			page:       paging{limit: "limit", after: []cursor{nextCursor("lastMessageId", "lastMessageId")}, more: "nextPage"},
		},
		get:     call{method: "GET", path: "/conversations/messages/{id}", envelope: "message|.", version: conversationsVersion},
		answers: answers{gone: []string{"message not found", "message with id", "message does not exist", "conversation not found"}},
	})
}

// spokenTo are the attributes that messages and e-mails have alike.
func spokenTo() []attribute {
	return []attribute{
		refers("conversation_id", "conversationId", kindConversation, "Id of the conversation."),
		refers("contact_id", "contactId", kindContact, "Id of the contact."),
		computed("direction", "direction", "inbound or outbound.", text),
		computed("status", "status", "delivered, read, failed or another.", text),
		computed("date_added", "dateAdded", "When it was sent, RFC 3339.", instant),
		computed("source", "source", "workflow, campaign, api or another.", text),
		{Attribute: schema.Attribute{Name: "attachments", Type: cty.List(cty.String), Computed: true, Personal: true, Doc: "Addresses of what is attached. The recording of a call is not."},
			read: "attachments", form: names},
	}
}

// emailKind declares the e-mails of a thread (HighLevel conversations API, e-mails).
// The document names no Version for the call: it takes that of its neighbours.
func emailKind() *kind {
	list := func(called, read, doc string) attribute {
		return attribute{Attribute: schema.Attribute{Name: called, Type: cty.List(cty.String), Computed: true, Personal: true, Doc: doc}, read: read, form: names}
	}
	return declared(&kind{
		Kind: schema.Kind{
			Name: kindEmail, Noun: "e-mail", Plural: "e-mails", ReadOnly: true, Personal: true,
			Scopes: readMessages,
			Doc:    "An e-mail of a thread. E-mails can only be read, one by one: a message of the type TYPE_EMAIL has their ids.",
		},
		attributes: append(spokenTo(),
			computed("thread_id", "threadId", "Id of the thread.", text),
			about("subject", "subject", "Subject."),
			about("body", "body", "The text."),
			computed("content_type", "contentType", "Type of the text, such as text/html.", text),
			about("from", "from", "Who sent it."),
			list("to", "to", "Who it went to."),
			list("cc", "cc", "Who got a copy."),
			list("bcc", "bcc", "Who got a copy that others do not see."),
			computed("provider", "provider", "What carried it.", text),
			computed("reply_to", "replyToMessageId", "Id of the e-mail that it answers.", text),
		),
		data: []*schema.DataSource{
			{Name: kindEmail, Kind: kindEmail, Doc: "One e-mail, by its id.",
				Arguments: []schema.Attribute{{Name: "id", Type: cty.String, Required: true, Doc: "Id of the e-mail."}}},
		},
		get:     call{method: "GET", path: "/conversations/messages/email/{id}", version: conversationsVersion},
		answers: answers{gone: []string{"message not found", "email not found", "email with id"}},
	})
}
