package dev.rhea.engine.jit;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;
import static java.lang.constant.ConstantDescs.MTD_void;

import dev.rhea.engine.ir.Helper;
import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.attribute.CodeAttribute;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;
import java.util.ArrayList;
import java.util.List;

/**
 * A region as a hidden class. The class makes its one instance itself when it is initialised and hands it over in its class
 * data, so that no reflection is needed; helpers come the same way and become static final fields, which HotSpot inlines
 * through.
 */
final class RegionClass {
    private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();
    private static final ClassDesc LOOKUP_DESC = ConstantDescs.CD_MethodHandles_Lookup;
    private static final ClassDesc HANDLES = ClassDesc.of("java.lang.invoke.MethodHandles");
    private static final ClassDesc OBJECTS = CD_Object.arrayType();
    private static final MethodTypeDesc INIT = MethodTypeDesc.of(CD_void, CD_long);
    private static final ClassFile CLASS_FILE = ClassFile.of(
            ClassFile.DebugElementsOption.DROP_DEBUG,
            ClassFile.LineNumbersOption.DROP_LINE_NUMBERS,
            ClassFile.ShortJumpsOption.FIX_SHORT_JUMPS);

    private final byte[] bytes;
    private final int codeLength;
    private final List<Helper> helpers = new ArrayList<>();
    private final long entry;

    /**
     * @param region its analysis is done here
     * @param apart whether each access is checked by itself
     * @param records whether the unit is told where its computed jumps go
     * @param prefix what the class's name begins with: HotSpot's directives go by it
     */
    RegionClass(Region region, String prefix, boolean apart, boolean records) {
        entry = region.entry;
        ClassDesc name = ClassDesc.of("dev.rhea.engine.jit." + prefix + Long.toHexString(entry));
        var code = new HelperCalls.Helpers() {
            @Override
            public String field(Helper helper) {
                int i = helpers.indexOf(helper);
                if (i < 0) {
                    i = helpers.size();
                    helpers.add(helper);
                }
                return "h" + i;
            }

            @Override
            public ClassDesc owner() {
                return name;
            }
        };
        bytes = CLASS_FILE.build(name, cb -> {
            cb.withFlags(ClassFile.ACC_FINAL | ClassFile.ACC_SUPER).withSuperclass(Emitter.UNIT);
            cb.withMethodBody(
                    "<init>",
                    MTD_void,
                    0,
                    c -> c.aload(0)
                            .loadConstant(entry)
                            .invokespecial(Emitter.UNIT, "<init>", INIT)
                            .return_());
            cb.withMethodBody(
                    "run",
                    Emitter.RUN,
                    ClassFile.ACC_PUBLIC | ClassFile.ACC_FINAL,
                    c -> new Emitter(c, region, code, apart, records).emit());
            initializer(cb, name);
        });
        codeLength = length(bytes);
    }

    private void initializer(ClassBuilder cb, ClassDesc name) {
        for (int i = 0; i < helpers.size(); i++) {
            cb.withField("h" + i, HelperCalls.CODE, ClassFile.ACC_STATIC | ClassFile.ACC_FINAL);
        }
        cb.withMethodBody("<clinit>", MTD_void, ClassFile.ACC_STATIC, c -> {
            c.invokestatic(HANDLES, "lookup", MethodTypeDesc.of(LOOKUP_DESC))
                    .ldc("_")
                    .ldc(OBJECTS);
            c.invokestatic(
                    HANDLES,
                    "classData",
                    MethodTypeDesc.of(CD_Object, LOOKUP_DESC, ConstantDescs.CD_String, ConstantDescs.CD_Class));
            c.checkcast(OBJECTS).astore(0);
            for (int i = 0; i < helpers.size(); i++) {
                data(c, i + 1);
                c.checkcast(HelperCalls.CODE).putstatic(name, "h" + i, HelperCalls.CODE);
            }
            c.aload(0)
                    .iconst_0()
                    .new_(name)
                    .dup()
                    .invokespecial(name, "<init>", MTD_void)
                    .aastore()
                    .return_();
        });
    }

    private static void data(CodeBuilder c, int i) {
        c.aload(0).loadConstant(i).aaload();
    }

    private static int length(byte[] bytes) {
        for (var method : ClassFile.of().parse(bytes).methods()) {
            if (method.methodName().equalsString("run")) {
                return method.code()
                        .map(code -> ((CodeAttribute) code).codeLength())
                        .orElse(0);
            }
        }
        throw new IllegalStateException("no run method in the class just made");
    }

    byte[] bytes() {
        return bytes;
    }

    /** Bytes of bytecode in {@code run}: HotSpot never compiles a method of more than 8,000. */
    int codeLength() {
        return codeLength;
    }

    /** Makes the class known to the JVM. It goes away with its instance. */
    Unit define() {
        var data = new Object[helpers.size() + 1];
        for (int i = 0; i < helpers.size(); i++) {
            data[i + 1] = helpers.get(i).code();
        }
        try {
            LOOKUP.defineHiddenClassWithClassData(bytes, data, true);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException("the JVM refuses classes in our own package", e);
        }
        return (Unit) data[0];
    }
}
