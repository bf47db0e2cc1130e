package ghl

import (
	"github.com/zclconf/go-cty/cty"

	"lockstep/schema"
)

const (
	kindRecording  = "ghl_message_recording"
	kindTranscript = "ghl_message_transcript"
	kindSentence   = "ghl_message_sentence"
	// dataTranscription reads the sentences of a call.
	dataTranscription = "ghl_message_transcription"
)

// recordingKind declares recordings of calls and voicemails (HighLevel
// conversations API, recording of a message).
func recordingKind() *kind {
	return downloaded(&kind{
		Kind: schema.Kind{
			Name: kindRecording, Noun: "recording", Plural: "recordings",
			Doc: "The recording of a call or a voicemail. It goes to a file, and nowhere else.",
		},
		find: lookup{media: "audio/",
			call: call{method: "GET", path: "/conversations/messages/{message_id}/locations/{location}/recording", version: conversationsVersion}},
		answers: answers{gone: []string{"recording not found", "message not found"}},
	}, ".wav", "The recording of a call, in a file. `lockstep plan` reads it to tell its size and makes no file; `lockstep apply` makes it.")
}

// transcriptKind declares transcriptions of calls as texts (HighLevel conversations
// API, download of a transcription).
func transcriptKind() *kind {
	return downloaded(&kind{
		Kind: schema.Kind{
			Name: kindTranscript, Noun: "transcript", Plural: "transcripts",
			Doc: "The transcription of a call as a text. It goes to a file, and nowhere else.",
		},
		find: lookup{media: "text/plain",
			call: call{method: "GET", path: "/conversations/locations/{location}/messages/{message_id}/transcription/download", version: conversationsVersion}},
		answers: answers{gone: []string{"transcription not found", "message not found"}},
	}, ".txt", "The transcription of a call, in a file. `lockstep plan` reads it to tell its size and makes no file; `lockstep apply` makes it.")
}

// downloaded finishes the declaration of what is read of a message into a file.
func downloaded(k *kind, ending, doc string) *kind {
	k.ReadOnly, k.Personal, k.Scopes = true, true, readMessages
	k.Keys = []schema.NaturalKey{{"message_id"}}
	k.attributes = []attribute{{Attribute: schema.Attribute{Name: "message_id", Type: cty.String, Computed: true, Refers: kindMessage, Doc: "Id of the message."}}}
	for _, a := range schema.DownloadAttributes() {
		k.attributes = append(k.attributes, attribute{Attribute: a})
	}
	k.data = []*schema.DataSource{{
		Name: k.Name, Kind: k.Name, Doc: doc, Download: &schema.Download{Ending: ending},
		Arguments: append([]schema.Attribute{ofMessage()}, schema.DownloadArguments(ending)...),
	}}
	return declared(k)
}

// sentenceKind declares the sentences of a transcription (HighLevel conversations
// API, transcription of a message). The document shows one sentence; it answers
// them all, in a bare list.
func sentenceKind() *kind {
	count := func(called, read, doc string) attribute {
		return attribute{Attribute: schema.Attribute{Name: called, Type: cty.Number, Computed: true, Doc: doc}, read: read, form: number}
	}
	said := about("text", "transcript", "What was said.")
	said.Sensitive = true
	return declared(&kind{
		Kind: schema.Kind{
			Name: kindSentence, Noun: "sentence", Plural: "sentences", ReadOnly: true, Personal: true,
			Scopes:  readMessages,
			Doc:     "A sentence of the transcription of a call. Its text is sensitive: it is shown nowhere.",
			Parent:  "message_id",
			Listing: schema.Listing{PerParent: true},
		},
		attributes: []attribute{
			{Attribute: schema.Attribute{Name: "message_id", Type: cty.String, Computed: true, Refers: kindMessage, Doc: "Id of the message."}, read: "messageId", form: text},
			said,
			count("channel", "mediaChannel", "Number of the channel: 1 or 2."),
			count("start", "startTime", "When it begins, in the unit that HighLevel gives."),
			count("end", "endTime", "When it ends, as start."),
			count("confidence", "confidence", "How sure the transcription is, 0 to 1."),
		},
		data: []*schema.DataSource{
			{Name: dataTranscription, Kind: kindSentence, Many: "sentences", Doc: "The sentences of the transcription of a call; none when there is no transcription.",
				Arguments: []schema.Attribute{ofMessage()}},
		},
		list: listing{
			call:    call{method: "GET", path: "/conversations/locations/{location}/messages/{parent}/transcription", version: conversationsVersion},
			parents: 1,
		},
		answers: answers{id: "sentenceIndex", numbered: true, gone: []string{"transcription not found", "message not found"}},
	})
}

func ofMessage() schema.Attribute {
	return schema.Attribute{Name: "message_id", Type: cty.String, Required: true, Refers: kindMessage, Doc: "Id of the message that is the call."}
}
