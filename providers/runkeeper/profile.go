package runkeeper

import (
	"github.com/zclconf/go-cty/cty"
)

// athleteType is the only thing of a profile that can be written (Health Graph
// API, profile).
func athleteType() attribute {
	return attribute{Name: "athlete_type", Type: cty.String, Optional: true, Computed: true,
		Doc: "The profile's word for the person, such as Marathoner.",
		OneOf: []string{"Athlete", "Runner", "Marathoner", "Ultra Marathoner", "Cyclist", "Tri-Athlete", "Walker", "Hiker", "Skier", "Snowboarder",
			"Skater", "Swimmer", "Rower"}}
}

func profileWrites() *writes {
	return &writes{update: "Profile", item: "Profile", place: at("profile", "/profile"), single: true,
		properties: []property{{path: "athlete_type", wire: "athlete_type"}}}
}
