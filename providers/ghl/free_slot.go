package ghl

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/zclconf/go-cty/cty"

	"lockstep/schema"
)

const kindFreeSlot = "ghl_free_slot"

// freeSlotKind declares the times that a calendar offers (HighLevel calendars API, free
// slots). One request may ask for 31 days.
func freeSlotKind() *kind {
	return declared(&kind{
		Kind: schema.Kind{
			Name: kindFreeSlot, Noun: "free slot", Plural: "free slots",
			Scopes:   schema.Scopes{Read: []string{"calendars.readonly"}},
			Doc:      "A time that a calendar offers. It can only be read.",
			ReadOnly: true,
		},
		attributes: []attribute{
			computed("start_time", "start", "When it begins, as HighLevel spells it: book it in this spelling.", text),
			computed("date", "date", "Day, by the clock of the location or of the argument timezone.", text),
		},
		data: []*schema.DataSource{
			{Name: "ghl_free_slots", Kind: kindFreeSlot, Many: "free_slots", Doc: "Times that a calendar offers, in their order. Each 31 days take a call.",
				Arguments: []schema.Attribute{
					{Name: "calendar_id", Type: cty.String, Required: true, Refers: kindCalendar, Doc: "Id of the calendar."},
					{Name: "from", Type: cty.String, Required: true, Doc: "Instant from which on, RFC 3339 with an offset."},
					{Name: "to", Type: cty.String, Required: true, Doc: "Instant up to which, as from."},
					argument("timezone", cty.String, "Time zone of the spelling, such as Europe/Vienna; the location's when it is not written."),
					argument("user_id", cty.String, "Id of the user whose times they are."),
				}},
		},
		lists: map[string][]listing{"ghl_free_slots": {{
			call:       call{method: "GET", path: "/calendars/{calendar_id}/free-slots", envelope: "slots", version: calendarsVersion},
			page:       paging{window: &window{from: "startDate", to: "endDate", most: maxFreeSlots}},
			parameters: map[string]string{"timezone": "timezone", "user_id": "userId"},
		}}},
		odd: oddities{unfold: unfoldSlots},
	})
}

// maxFreeSlots is the longest time that a request for free slots may ask for.
const maxFreeSlots = 31 * 24 * time.Hour

// unfoldSlots makes a list of an answer that has the slots of each day under its date,
// beside properties that are no dates.
func unfoldSlots(body []byte) ([]byte, error) {
	var days map[string]json.RawMessage
	if err := json.Unmarshal(body, &days); err != nil {
		return nil, fmt.Errorf("the free slots cannot be read: %w", err)
	}
	rows := []map[string]string{}
	for _, date := range slices.Sorted(maps.Keys(days)) {
		if _, err := time.Parse(time.DateOnly, date); err != nil {
			continue
		}
		var day struct {
			Slots []string `json:"slots"`
		}
		if err := json.Unmarshal(days[date], &day); err != nil {
			return nil, fmt.Errorf("the free slots of %s cannot be read: %w", date, err)
		}
		for _, slot := range day.Slots {
			rows = append(rows, map[string]string{"id": slot, "start": slot, "date": date})
		}
	}
	return json.Marshal(map[string]any{"slots": rows})
}
