package ghl

import (
	"fmt"

	"lockstep/providers/providertest"
	"lockstep/schema"
)

func calendarResourceSample() providertest.Sample {
	s, n := schema.StringValue, schema.NumberValue
	return providertest.Sample{
		Kind: kindCalendarResource,
		Create: fieldsOf(map[string]schema.Value{
			"type": s("rooms"), "name": s("Yoga room "), "description": s("Mats for ten"), "quantity": n("2"), "out_of_service": n("1"), "capacity": n("10"),
			"calendar_ids": schema.SetOf([]string{"CAL1"}), "active": schema.BoolValue(false),
		}),
		Update: fieldsOf(map[string]schema.Value{
			"name": s("Big room"), "description": s("Mats"), "quantity": n("3"), "out_of_service": n("0"), "capacity": n("12"),
			"calendar_ids": schema.SetOf([]string{"CAL2"}), "active": schema.BoolValue(true),
		}),
		Clear: []string{"description", "active"},
		Number: func(i int) schema.Fields {
			return texts2fields("name", fmt.Sprintf("Room %03d", i))
		},
		Many: 205,
	}
}
