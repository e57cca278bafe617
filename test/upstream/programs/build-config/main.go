// Command build-config prints what the reference library makes of a provider file and ClusterProfiles: the oracle of the tests.
//
//	build-config < CASES
//
// Standard input is a JSON list of {"providerFile": PATH, "profiles": [ClusterProfile, …]}. Standard output has, for each case,
// what one reading of its file gives for each of its profiles, in order: the library keeps state between them.
package main

import (
	"encoding/json"
	"log"
	"os"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/rest"
	clientcmdapi "k8s.io/client-go/tools/clientcmd/api"
	"sigs.k8s.io/cluster-inventory-api/apis/v1alpha1"
	"sigs.k8s.io/cluster-inventory-api/pkg/access"
)

type testCase struct {
	ProviderFile string                    `json:"providerFile"`
	Profiles     []v1alpha1.ClusterProfile `json:"profiles"`
}

type answer struct {
	Error string `json:"error,omitempty"`

	Host       string `json:"host,omitempty"`
	CAData     []byte `json:"caData,omitempty"`
	ServerName string `json:"serverName,omitempty"`
	Proxy      string `json:"proxy,omitempty"`

	APIVersion         string                    `json:"apiVersion,omitempty"`
	Command            string                    `json:"command,omitempty"`
	Args               []string                  `json:"args,omitempty"`
	Env                []clientcmdapi.ExecEnvVar `json:"env,omitempty"`
	InteractiveMode    string                    `json:"interactiveMode,omitempty"`
	ProvideClusterInfo bool                      `json:"provideClusterInfo,omitempty"`
	Config             json.RawMessage           `json:"config,omitempty"`
}

func main() {
	var cases []testCase
	if err := json.NewDecoder(os.Stdin).Decode(&cases); err != nil {
		log.Fatal(err)
	}
	answers := make([][]answer, len(cases))
	for i, each := range cases {
		config, err := access.NewFromFile(each.ProviderFile)
		for _, profile := range each.Profiles {
			if err != nil {
				answers[i] = append(answers[i], answer{Error: err.Error()})
				continue
			}
			answers[i] = append(answers[i], build(config, &profile))
		}
	}
	if err := json.NewEncoder(os.Stdout).Encode(answers); err != nil {
		log.Fatal(err)
	}
}

func build(config *access.Config, profile *v1alpha1.ClusterProfile) answer {
	built, err := config.BuildConfigFromCP(profile)
	if err != nil {
		return answer{Error: err.Error()}
	}
	exec := built.ExecProvider
	return answer{
		Host:               built.Host,
		CAData:             built.CAData,
		ServerName:         built.ServerName,
		Proxy:              proxyOf(built),
		APIVersion:         exec.APIVersion,
		Command:            exec.Command,
		Args:               exec.Args,
		Env:                exec.Env,
		InteractiveMode:    string(exec.InteractiveMode),
		ProvideClusterInfo: exec.ProvideClusterInfo,
		Config:             rawOf(exec.Config),
	}
}

func proxyOf(config *rest.Config) string {
	proxy, err := config.Proxy(nil)
	if err != nil || proxy == nil {
		return ""
	}
	return proxy.String()
}

func rawOf(config runtime.Object) json.RawMessage {
	if unknown, ok := config.(*runtime.Unknown); ok {
		return unknown.Raw
	}
	return nil
}
