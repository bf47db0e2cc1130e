package runkeeper

import (
	"context"

	"github.com/zclconf/go-cty/cty"

	"lockstep/providers/runkeeper/health"
	"lockstep/schema"
)

const kindProfile = "runkeeper_profile"

// profileKind declares profiles. Every account has one.
func profileKind() *kind {
	return &kind{
		Kind: schema.Kind{
			Name: kindProfile, Noun: "profile", Plural: "profiles", Personal: true, Loss: schema.Loss{Lasting: schema.Permanent},
			Doc: "What a person behind the API says of themselves. Every account has one: it is adopted, never made, and forgotten rather than deleted. " +
				"Only athlete_type can be written. Its id is the name of the account.",
			Parent: "account", Keys: []schema.NaturalKey{{"account"}}, Listing: schema.Listing{PerParent: true},
			Attributes: []attribute{
				accountAttribute(),
				athleteType(),
				personal("name", cty.String, "Name."),
				personal("gender", cty.String, "M or F."),
				personal("birthday", cty.String, "Day of birth, such as 1988-01-28."),
				personal("location", cty.String, "Where the person lives."),
			},
		},
		writes: profileWrites(),
		reads: single(func(ctx context.Context, a *account, remote *health.Account) (schema.Object, error) {
			profile, err := remote.Profile(ctx)
			return profileObject(a, &profile), err
		}),
	}
}

// single reads the one object that every account has.
func single(read func(context.Context, *account, *health.Account) (schema.Object, error)) *reads {
	return &reads{
		list: func(ctx context.Context, a *account, remote *health.Account, _ string, _ scope) ([]schema.Object, error) {
			o, err := read(ctx, a, remote)
			if err != nil {
				return nil, err
			}
			return []schema.Object{o}, nil
		},
		one: func(ctx context.Context, a *account, remote *health.Account, _ string) (schema.Object, error) {
			return read(ctx, a, remote)
		},
	}
}

func profileObject(a *account, p *health.Profile) schema.Object {
	var f fields
	f.text("account", a.name)
	f.text("athlete_type", p.AthleteType)
	f.text("name", p.Name)
	f.text("gender", p.Gender)
	f.day("birthday", p.Birthday)
	f.text("location", p.Location)
	return f.object(kindProfile, a.name)
}

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
