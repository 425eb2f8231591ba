import ArgumentParser
import KMSClient

/// The flags that all changing commands share: the reason, a dry run, and the key under which the request may be repeated.
struct ChangeFlags: ParsableArguments {
    @Option(
        help: """
            Why: unspecified, keyCompromise, affiliationChanged, superseded, cessationOfOperation or privilegeWithdrawn.
            """)
    var reason: String?

    @Option(help: "Why, in your own words; goes with --reason.")
    var comment: String?

    @Flag(help: "Change nothing; show what would be, and who would notice.")
    var dryRun = false

    @Option(help: "A name for this request: sent again under the same name, it is answered again and not done again.")
    var idempotencyKey: String?

    @OptionGroup var output: OutputOptions

    var options: ChangeOptions {
        var options = ChangeOptions()
        options.reason = reason
        options.comment = comment
        options.isDryRun = dryRun
        options.idempotencyKey = idempotencyKey
        return options
    }
}
