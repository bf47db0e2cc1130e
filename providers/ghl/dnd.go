package ghl

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"lockstep/providers"
	"lockstep/schema"
)

// dndNames are the channels of do-not-disturb settings, by their names in
// files, with the API's.
var dndNames = map[string]string{
	"all": "all", "call": "Call", "email": "Email", "fb": "FB", "gmb": "GMB", "sms": "SMS", "whatsapp": "WhatsApp",
}

// decodeDND reads {"SMS": {"status": "active"}} into one field per channel.
func decodeDND(_ *decoder, attribute string, raw jsontext.Value, into schema.Fields) schema.Fields {
	if len(raw) <= 2 {
		return into
	}
	var settings map[string]struct {
		Status string `json:"status"`
	}
	if err := json.Unmarshal(raw, &settings); err != nil {
		return into
	}
	start := len(into)
	for name, setting := range settings {
		if setting.Status != "" {
			into = append(into, schema.Field{Path: attribute + "." + strings.ToLower(name), Value: schema.StringValue(setting.Status)})
		}
	}
	slices.SortFunc(into[start:], func(a, b schema.Field) int { return strings.Compare(a.Path, b.Path) })
	return into
}

// normalDND checks channel and status.
func normalDND(_ *speller, path string, v schema.Value) (schema.Value, error) {
	channel := schema.PathKey(path)
	if dndNames[channel] == "" {
		return v, &providers.FieldError{Path: path, Problem: fmt.Sprintf("%q is not a channel", channel),
			Advice: "Channels are call, email, fb, gmb, sms and whatsapp, and all for incoming messages."}
	}
	status := spellLower(v.Text())
	if v.Type() != schema.String || !slices.Contains([]string{"active", "inactive", "permanent", ""}, status) {
		return v, &providers.FieldError{Path: path, Problem: fmt.Sprintf("%s is not a status", v),
			Advice: "A status is active (do not disturb), inactive or permanent."}
	}
	return schema.StringValue(status), nil
}

// encodeDND makes {"SMS": {"status": "active"}} from a map of statuses.
func encodeDND(v schema.Value) any {
	settings := map[string]any{}
	for i, channel := range v.Keys() {
		status := v.Items()[i].Text()
		if status == "" {
			status = "inactive"
		}
		name := dndNames[channel]
		if name == "" {
			name = channel
		}
		settings[name] = map[string]any{"status": status}
	}
	return settings
}
