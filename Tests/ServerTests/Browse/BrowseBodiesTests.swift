import Foundation
import OCI
import Registries
import Testing

@testable import Server

/// How items of a registry's lists are told, by kind.
@Suite struct BrowseBodiesTests {
    private let harbor = BrowseBodies(dialect: RegistryDescription.harbor.browse)
    private let hub = BrowseBodies(dialect: RegistryDescription.dockerHub.browse)
    private let oci = BrowseBodies(dialect: RegistryDescription.oci.browse)

    @Test func aHarborImageIsNamedWithAndWithoutItsProject() {
        let body = harbor.body(RegistryImage(name: "team/app", reference: "h/shop/team/app"), project: "shop")
        #expect(body["name"] == "shop/team/app" && body["projectName"] == "shop")
        #expect(body["repositoryName"] == "team/app" && body["reference"] == "h/shop/team/app")
    }

    @Test func aDockerHubImageCarriesItsNamespace() {
        let body = hub.body(RegistryImage(name: "acme/app", reference: "docker.io/acme/app"), project: "other")
        #expect(body["name"] == "acme/app" && body["projectName"] == "acme" && body["repositoryName"] == "app")
    }

    @Test func anImageOfAnotherRegistryIsNamedWhole() {
        let body = oci.body(RegistryImage(name: "team/app", reference: "r/team/app"), project: nil)
        #expect(body["name"] == "team/app" && body["repositoryName"] == "team/app" && body["projectName"] == nil)
    }

    // The published Harbor schemas require every member; elsewhere an unknown one is left out.
    @Test func whatHarborDoesNotTellIsEmptyAndElsewhereLeftOut() {
        let (image, tag) = (RegistryImage(name: "app", reference: "h/p/app"), RegistryTag(name: "1"))
        #expect(
            harbor.body(image, project: "p")["createdAt"] == "" && harbor.body(image, project: "p")["pullCount"] == 0
        )
        #expect(harbor.body(tag)["digest"] == "" && harbor.body(tag)["pullTime"] == "" && harbor.body(tag)["size"] == 0)
        #expect(harbor.body(RegistryProject(name: "p"))["isPublic"] == false)
        #expect(oci.body(image, project: nil)["createdAt"] == nil && oci.body(image, project: nil)["pullCount"] == nil)
        #expect(oci.body(tag)["digest"] == nil && oci.body(tag)["size"] == nil && oci.body(tag)["kind"] == "image")
    }

    @Test func aTagTellsItsPlatformsAndKind() {
        var tag = RegistryTag(name: "1")
        tag.kind = .signature
        tag.sizeInBytes = 42
        tag.platforms = [.linuxAMD64, Platform(os: "linux", architecture: "arm", variant: "v7")]
        let body = oci.body(tag)
        #expect(body["kind"] == "signature" && body["size"] == 42)
        #expect(body["platforms"] == ["linux/amd64", "linux/arm/v7"])
    }
}
