"""The generators: what each makes of the served description, and the program that holds an interview with it.

A program lies beside this file and imports what was generated. It is checked by its language's own compiler, so that a
type which the description does not give is a failure too.
"""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from clients.tools import HERE, NODE_BIN, NODE_MODULES, OAPI_CODEGEN, OPENAPI_GENERATOR, PYTHON, why_not

TSC = (
    *(NODE_BIN / "tsc", "--strict", "--target", "es2022", "--lib", "es2022,dom,dom.iterable", "--types", "node"),
    *("--module", "commonjs", "--moduleResolution", "node10", "--skipLibCheck", "--outDir", "built"),
)
JAVAC = ("javac", "-encoding", "UTF-8", "-nowarn", "-cp", "jars/*", "-sourcepath", "generated/src/main/java")
COPY_JARS = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies"
CODE_ALONE = "apis,models,supportingFiles,apiTests=false,modelTests=false,apiDocs=false,modelDocs=false"
OPEN_TO_LATER_MEMBERS = "disallowAdditionalPropertiesIfNotPresent=false"

Command = Sequence[str | Path]


@dataclass(frozen=True, slots=True)
class Generator:
    """One generator and one program, as commands that are run one after the other in a folder of their own.

    `{document}` stands for the description; the output of the last command is what the program tells.
    """

    name: str
    language: str
    commands: tuple[Command, ...]

    def why_not(self) -> str | None:
        """Say what this machine lacks, or nothing."""
        first = [command[0] for command in self.commands]
        paths = [part for command in self.commands for part in command if isinstance(part, Path)]
        return why_not([name for name in first if isinstance(name, str) and "/" not in name], paths)

    def prepare(self, where: Path) -> None:
        """Lay the program into the folder, and beside it the packages that it imports."""
        shutil.copytree(HERE / self.language, where, dirs_exist_ok=True)
        if self.language == "typescript":
            (where / "node_modules").symlink_to(NODE_MODULES)


def typescript(program: str, *generate: str | Path) -> Generator:
    """Compiled by tsc, run by node."""
    commands = (generate, (*TSC, f"{program}.ts"), ("node", f"built/{program}.js"))
    return Generator(program, "typescript", commands)


def python(program: str, *generate: str | Path) -> Generator:
    """Run as it is."""
    return Generator(program, "python", (generate, (PYTHON, f"{program}.py")))


def go(program: str, *generate: str | Path) -> Generator:
    """Built by go; the programs share a main function and are told apart by a tag."""
    build = ("go", "build", "-mod=readonly", "-buildvcs=false", "-tags", program, "-o", "program", ".")
    return Generator(program, "go", (("mkdir", "generated"), generate, build, ("./program",)))


def java(program: str, *generate: str | Path) -> Generator:
    """Compiled with the libraries that the generated code imports, as Maven gives them and we know them."""
    return Generator(
        program,
        "java",
        (
            ("mvn", "--quiet", "--batch-mode", COPY_JARS, "-DoutputDirectory=jars"),
            ("sh", "-c", "cd jars && sha256sum --check --strict --quiet ../SHA256SUMS"),
            generate,
            (*JAVAC, "-d", "built", "Main.java"),
            ("java", "-cp", "built:jars/*", "Main"),
        ),
    )


def openapi_generator(language: str, out: str, *properties: str) -> tuple[str | Path, ...]:
    """Run openapi-generator; the language is its own word for it."""
    return (
        *("java", "-jar", OPENAPI_GENERATOR, "generate", "-g", language, "-i", "{document}", "-o", out),
        *("--global-property", CODE_ALONE, "--additional-properties", ",".join([OPEN_TO_LATER_MEMBERS, *properties])),
    )


QUICK = (
    typescript("openapi_typescript", NODE_BIN / "openapi-typescript", "{document}", "--output", "generated/api.ts"),
    typescript("hey_api", NODE_BIN / "openapi-ts", "--input", "{document}", "--output", "generated"),
    python(
        "openapi_python_client",
        *(PYTHON, "-P", "-m", "openapi_python_client", "generate", "--path", "{document}"),
        *("--meta", "none", "--output-path", "generated"),
    ),
    go(
        "oapi_codegen",
        *(OAPI_CODEGEN, "-package", "api", "-generate", "types,client", "-o", "generated/api.go", "{document}"),
    ),
)

SLOW = (
    python("openapi_generator", *openapi_generator("python", ".", "packageName=generated")),
    typescript("openapi_generator", *openapi_generator("typescript-fetch", "generated")),
    go("openapi_generator", *openapi_generator("go", "generated", "packageName=api", "withGoMod=false")),
    java("openapi_generator", *openapi_generator("java", "generated")),
)
