package ghl

import (
	"fmt"

	"lockstep/providers/providertest"
	"lockstep/schema"
)

func businessSample() providertest.Sample {
	return providertest.Sample{
		Kind: kindBusiness,
		Create: texts2fields("address", "1 Main Street", "city", "Graz", "country", "Austria", "description", "Shoes", "email", "Info@Example.com ",
			"name", "Ode Ltd", "phone", "+1 (202) 555-0142", "postal_code", "8010", "state", "Styria", "website", "https://example.com"),
		Update: texts2fields("address", "2 Main Street", "city", "Linz", "country", "Germany", "description", "Boots", "email", "office@example.com",
			"name", "Oder Ltd", "phone", "+12025550143", "postal_code", "4020", "state", "Upper Austria", "website", "https://example.org"),
		Clear:  []string{"address", "city", "country", "description", "email", "phone", "postal_code", "state", "website"},
		Number: func(n int) schema.Fields { return texts2fields("name", fmt.Sprintf("Business %d", n)) },
		Many:   205,
	}
}
